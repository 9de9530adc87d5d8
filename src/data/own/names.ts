// Names as people see them. The same name may be stored composed (é) or decomposed (e and an accent), and on Linux it may be
// any bytes at all; here every name becomes one text for comparing, sorting and showing.

const strict = new TextDecoder("utf-8", { fatal: true });

/** The name in composed form (NFC); bytes that are not UTF-8 become \xE9 and the like, so that such names stay distinct. */
export function nameOf(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes).normalize("NFC");
  } catch {
    return escaped(bytes);
  }
}

/** Valid characters as they are, every other byte as its number. */
function escaped(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((n) => decodes(bytes.subarray(at, at + n)));
    if (length === undefined) {
      text += `\\x${bytes[at]!.toString(16).toUpperCase().padStart(2, "0")}`;
      at += 1;
    } else {
      text += strict.decode(bytes.subarray(at, at + length));
      at += length;
    }
  }
  return text.normalize("NFC");
}

function decodes(bytes: Uint8Array): boolean {
  try {
    return strict.decode(bytes) !== "";
  } catch {
    return false;
  }
}

/** Order of code units, the same on every machine ("10" before "2"). */
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

const HIDDEN = /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$)/i; // what systems leave in folders and archives

export const isHidden = (name: string): boolean => HIDDEN.test(name);

const IMAGE = /\.(png|jpe?g|jpe|jfif|webp|gif|tiff?|bmp|dib|p[bgpn]m|jp2|j2k|j2c|jpf|jpx)$/i;

export const isImageName = (name: string): boolean => IMAGE.test(name);
