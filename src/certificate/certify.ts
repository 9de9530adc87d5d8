// Writes a certificate and the public key that checks it beside each other.

import { fileURLToPath } from "node:url";
import { checkReplaceable, type FileKind, replaceFile } from "../disk/replace.js";
import { type Predicate, type Statement, signed, statementOf } from "./certificate.js";
import { defaultKeyFile, publicKeyOf, signingKey } from "./key.js";

const CERTIFICATE: FileKind = {
  name: "a certificate",
  recognise: (head) => /^\{\s*"payloadType"/.test(Buffer.from(head).toString("latin1")),
};
const PUBLIC_KEY: FileKind = {
  name: "a public key",
  recognise: (head) => Buffer.from(head).toString("latin1").startsWith("-----BEGIN PUBLIC KEY-----"),
};

export interface Certified {
  /** The certificate, its public key, and the checker, which needs only Node: `node CHECKER FILE --run DIR --public-key KEY`. */
  readonly file: string;
  readonly publicKey: string;
  readonly checker: string;
  /** The file of the private key, and whether it was made now. */
  readonly key: string;
  readonly isNewKey: boolean;
  readonly subject: Statement["subject"];
  /** What it says of each model and of what was forgotten. */
  readonly predicate: Predicate;
}

/**
 * Signs what data could have influenced each model of the run in `dir`, against the access lists, and writes it to `file`; the
 * public key goes to `file`.pub.pem. `key` is the file of the private key, which is made if it is missing; by default one for
 * all your certificates. Throws run/…, journal/…, layer/…, certificate/…, store/….
 */
export async function certify(dir: string, file: string, key: string = defaultKeyFile()): Promise<Certified> {
  const publicKey = `${file}.pub.pem`;
  // Before a key is made, so that a name that can't be used leaves nothing behind.
  await checkReplaceable(file, CERTIFICATE);
  await checkReplaceable(publicKey, PUBLIC_KEY);
  const { subject, ...statement } = await statementOf(dir);
  const { key: secret, isNew } = await signingKey(key);
  const envelope = signed({ subject, ...statement }, secret);
  const encoder = new TextEncoder();
  await replaceFile(publicKey, encoder.encode(publicKeyOf(secret)), PUBLIC_KEY);
  await replaceFile(file, encoder.encode(`${JSON.stringify(envelope, null, 2)}\n`), CERTIFICATE);
  const checker = fileURLToPath(new URL("check.js", import.meta.url));
  return { file, publicKey, checker, key, isNewKey: isNew, subject, predicate: statement.predicate };
}
