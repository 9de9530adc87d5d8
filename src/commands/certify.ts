// `mulab certify`: a signed statement of what data could have influenced each model.

import { certify } from "../certificate/certify.js";
import { plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

interface CertifyOptions extends JsonOption {
  readonly out: string;
  readonly key?: string;
}

export async function certifyCommand(dir: string, options: CertifyOptions): Promise<void> {
  const { file, publicKey, checker, key, isNewKey, subject, predicate } = await certify(
    dir,
    options.out,
    options.key,
  );
  const stream = linesOf(options);
  if (isNewKey)
    stream.write(said`${key}: a new key, which signs all your certificates; keep it to yourself.\n`);
  stream.write(
    said`${file}: ${plural(predicate.models.length, "model")}, ${plural(subject.length, "file")}. Anybody with Node checks it: node ${checker} ${file} --run ${dir} --public-key ${publicKey}\n`,
  );
  printJson(options, predicate);
}
