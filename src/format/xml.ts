// Text for XML and HTML: the one escape that everything uses.

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** `text` for XML and HTML, as content or between quotes: markup becomes text, characters that XML can't hold become U+FFFD. */
export const escapeXml = (text: string): string => xmlText(text).replace(/[&<>"']/g, (c) => ESCAPES[c]!);

/** `text`, escaped or not, without characters that XML forbids and without those that would rearrange the text around it. */
export const xmlText = (text: string): string => text.replace(NOT_XML, "\ufffd");

/** Control characters, lone surrogates and non-characters; then those that change the direction of the text that follows. */
const NOT_XML =
  /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
