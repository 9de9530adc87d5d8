// JSON.parse for bytes from disk, which refuses what JSON.parse lets through: text that is not UTF-8, and an object
// that names a key twice (where the last one would win unseen).

/** The value of `text`. Throws SyntaxError, also on a repeated key. */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw new SyntaxError(`the key ${repeated} occurs twice in one object`);
  return value;
}

/** `bytes` as text. Throws SyntaxError where they are not UTF-8; a byte order mark is kept, so that JSON refuses it. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SyntaxError("the text is not UTF-8");
  }
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/** The first repeated key of well-formed JSON `text`, quoted as it is there. */
function repeatedKey(text: string): string | undefined {
  const open: (Set<string> | null)[] = []; // null for an array
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const key = JSON.parse(last) as string; // "a" and "\u0061" are one key
      const keys = open.at(-1);
      if (keys?.has(key)) return last;
      keys?.add(key);
    }
    last = token;
  }
  return undefined;
}
