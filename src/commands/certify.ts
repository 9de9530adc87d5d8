// `mulab certify`: a signed statement of what data could have influenced each model.

import { fileURLToPath } from "node:url";
import { signed, statementOf } from "../certificate/certificate.js";
import { defaultKeyFile, publicKeyOf, signingKey } from "../certificate/key.js";
import { checkReplaceable, type FileKind, replaceFile } from "../disk/replace.js";
import { plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

interface CertifyOptions extends JsonOption {
  readonly out: string;
  readonly key?: string;
}

const CERTIFICATE: FileKind = {
  name: "a certificate",
  recognise: (head) => /^\{\s*"payloadType"/.test(Buffer.from(head).toString("latin1")),
};
const PUBLIC_KEY: FileKind = {
  name: "a public key",
  recognise: (head) => Buffer.from(head).toString("latin1").startsWith("-----BEGIN PUBLIC KEY-----"),
};

export async function certifyCommand(dir: string, options: CertifyOptions): Promise<void> {
  const { out, key: file = defaultKeyFile() } = options;
  const publicKey = `${out}.pub.pem`;
  // Before a key is made, so that a name that can't be used leaves nothing behind.
  await checkReplaceable(out, CERTIFICATE);
  await checkReplaceable(publicKey, PUBLIC_KEY);
  const statement = await statementOf(dir);
  const { key, isNew } = await signingKey(file);
  const envelope = signed(statement, key);
  const encoder = new TextEncoder();
  await replaceFile(publicKey, encoder.encode(publicKeyOf(key)), PUBLIC_KEY);
  await replaceFile(out, encoder.encode(`${JSON.stringify(envelope, null, 2)}\n`), CERTIFICATE);
  const stream = linesOf(options);
  if (isNew)
    stream.write(said`${file}: a new key, which signs all your certificates; keep it to yourself.\n`);
  const checker = fileURLToPath(new URL("../certificate/check.js", import.meta.url));
  stream.write(
    said`${out}: ${plural(statement.predicate.models.length, "model")}, ${plural(statement.subject.length, "file")}. Anybody with Node checks it: node ${checker} ${out} --run ${dir} --public-key ${publicKey}\n`,
  );
  printJson(options, statement.predicate);
}
