// The mark by which mulab knows a file that it wrote, so that it replaces no other. Each format has a place where one may
// be without changing what is seen; CSV has none, and is known by its columns.

/** In the head of every page. */
export const GENERATOR_TAG = '<meta name="generator" content="mulab">';
/** In an SVG, after the root's tag. */
const COMMENT = "<!-- mulab -->";

const textOf = (head: Uint8Array): string => new TextDecoder("latin1").decode(head);

/** `text`, an SVG, with the mark. */
export const markedSvg = (text: string): string => text.replace(/^<svg[^>]*>/, `$&${COMMENT}`);

/** Whether a file that begins so is a page of mulab: a report, a figure, a notebook. */
export const isOwnPage = (head: Uint8Array): boolean => textOf(head).includes(GENERATOR_TAG);

/** Whether a file that begins so is a figure of mulab as SVG. */
export const isOwnSvg = (head: Uint8Array): boolean => new RegExp(`^<svg[^>]*>${COMMENT}`).test(textOf(head));

/** What a figure's JSON begins with; Vega-Lite leaves `usermeta` to its writers. */
export const JSON_MARK = { generator: "mulab" } as const;

/** Whether a file that begins so is a figure of mulab as JSON. */
export const isOwnJson = (head: Uint8Array): boolean =>
  /^\{\s*"usermeta":\s*\{\s*"generator":\s*"mulab"/.test(textOf(head));

/** Whether a file that begins with `head` has the columns of the CSV `content`. */
export function hasColumnsOf(content: string): (head: Uint8Array) => boolean {
  const columns = firstLine(content);
  return (head) => columns === firstLine(new TextDecoder().decode(head));
}

const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0] ?? "";
