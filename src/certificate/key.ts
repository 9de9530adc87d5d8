// The key that signs certificates: an Ed25519 pair, made on first use in the user's configuration, readable by its owner only.

import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject } from "node:crypto";
import { chmod, link, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import envPaths from "env-paths";
import { keyNotUsable } from "../core/errors/index.js";
import { isFile } from "../disk/listing.js";
import { readRegular } from "../disk/regular.js";

/** Where the key is if none is named. */
export const defaultKeyFile = (): string =>
  join(envPaths("mulab", { suffix: "" }).config, "certificate-key.pem");

/** The private key in `file`, which is made if it does not exist and never replaced. Throws certificate/key. */
export async function signingKey(file: string): Promise<{ key: KeyObject; isNew: boolean }> {
  const isNew = !(await isFile(file));
  if (isNew) await makeKey(file);
  const text = await readRegular(file).catch((error: Error) => {
    throw keyNotUsable(file, error.message);
  });
  const key = privateKeyIn(text);
  if (key?.asymmetricKeyType !== "ed25519")
    throw keyNotUsable(
      file,
      key ? `it holds a key of type ${key.asymmetricKeyType}` : "it holds no private key",
    );
  return { key, isNew };
}

/** The key in PEM `text`; undefined for anything else, of which OpenSSL would say only "unsupported". */
function privateKeyIn(text: Uint8Array): KeyObject | undefined {
  try {
    return createPrivateKey(Buffer.from(text));
  } catch {
    return undefined;
  }
}

/** Written aside and linked into place, so that a key that another process makes meanwhile is not replaced. */
async function makeKey(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}.tmp`;
  const { privateKey } = generateKeyPairSync("ed25519");
  await writeFile(aside, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
  try {
    await chmod(aside, 0o600);
    await link(aside, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(aside, { force: true });
  }
}

/** The public half as text. */
export const publicKeyOf = (key: KeyObject): string =>
  createPublicKey(key).export({ type: "spki", format: "pem" }).toString();

/** The sha-256 of the public key's DER bytes. */
export const keyId = (key: KeyObject): string =>
  hash("sha256", createPublicKey(key).export({ type: "spki", format: "der" }));
