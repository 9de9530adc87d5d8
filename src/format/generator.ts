// The mark by which mulab recognizes files that it wrote, so that it replaces no others. Each format has an invisible place
// for the mark, except CSV, which is recognized by its columns.

/** Goes into the head of every page. */
export const GENERATOR_TAG = '<meta name="generator" content="mulab">';
/** Goes into an SVG, after the root's tag. */
const COMMENT = "<!-- mulab -->";

const textOf = (head: Uint8Array): string => new TextDecoder("latin1").decode(head);

/** The SVG `text` with the mark. */
export const markedSvg = (text: string): string => text.replace(/^<svg[^>]*>/, `$&${COMMENT}`);

/** Whether a file that begins like this is a page that mulab wrote: a report, a figure, a notebook. */
export const isOwnPage = (head: Uint8Array): boolean => textOf(head).includes(GENERATOR_TAG);

/** Whether a file that begins like this is an SVG figure that mulab wrote. */
export const isOwnSvg = (head: Uint8Array): boolean => new RegExp(`^<svg[^>]*>${COMMENT}`).test(textOf(head));

/** The start of a figure's JSON; Vega-Lite leaves `usermeta` to authors. */
export const JSON_MARK = { generator: "mulab" } as const;

/** Whether a file that begins like this is a JSON figure that mulab wrote. */
export const isOwnJson = (head: Uint8Array): boolean =>
  /^\{\s*"usermeta":\s*\{\s*"generator":\s*"mulab"/.test(textOf(head));

/** Whether a file that begins with `head` has the columns of the CSV `content`. */
export function hasColumnsOf(content: string): (head: Uint8Array) => boolean {
  const columns = firstLine(content);
  return (head) => columns === firstLine(new TextDecoder().decode(head));
}

const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0] ?? "";
