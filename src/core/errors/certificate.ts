// Certificates: the key that signs them.

import { MulabError } from "./error.js";

export const keyNotUsable = (file: string, found: string) =>
  new MulabError("certificate/key", `${file} can't sign: ${found}.`, {
    found,
    expected: "an Ed25519 private key, PKCS#8 in PEM",
    remedy: "Name another file with --key; one that does not exist yet is made.",
  });
