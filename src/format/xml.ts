// Text for XML and HTML: one escape for everything that is drawn or written.

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** `text` for XML and HTML, as content or between quotes: markup becomes text, characters that XML can't hold become U+FFFD. */
export const escapeXml = (text: string): string => xmlText(text).replace(/[&<>"']/g, (c) => ESCAPES[c]!);

/** `text` without what no XML may hold, and without what would rearrange the words around it; escaped or not. */
export const xmlText = (text: string): string => text.replace(NOT_XML, "\ufffd");

/** Control characters, lone surrogates and non-characters; then those that turn the direction of whatever text follows. */
const NOT_XML =
  /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
