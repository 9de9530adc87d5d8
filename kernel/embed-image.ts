/** Images that a notebook's markdown names, as data: of its own folder only. */
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Embed } from "./closed-page.js";

const MOST_BYTES = 64 << 20;

/** Beginnings of the formats that browsers show. */
const TYPES: readonly (readonly [string, RegExp])[] = [
  ["image/png", /^\x89PNG\r\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8[79]a/],
  ["image/webp", /^RIFF.{4}WEBP/s],
  ["image/avif", /^.{4}ftypavi[fs]/s],
  ["image/bmp", /^BM/],
  ["image/svg+xml", /^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>]/s],
];

/** What was not put in, and why. */
export interface LeftOut {
  readonly source: string;
  readonly why: string;
}

/** Embeds the images below `folder`; what it leaves out is added to `leftOut`. */
export function embedFrom(folder: string, leftOut: LeftOut[]): Embed {
  const root = realpathSync(folder);
  return (source) => {
    if (/^data:/i.test(source) || source === "") return undefined;
    try {
      return dataOf(pathOf(source, root));
    } catch (error) {
      if (!leftOut.some((each) => each.source === source))
        leftOut.push({ source, why: (error as Error).message });
      return undefined;
    }
  };
}

/** The file that `source` names. Throws where it is not in the folder. */
function pathOf(source: string, root: string): string {
  if (/^([a-z][a-z\d+.-]*:|[/\\]{2})/i.test(source)) throw new Error("it is not in the notebook's folder");
  const name = decodeURIComponent(source.replace(/[?#].*$/s, ""));
  let path: string;
  try {
    path = realpathSync(resolve(root, name)); // a link is where it leads to
  } catch {
    throw new Error("there is no such file");
  }
  const inside = relative(root, path);
  if (
    isAbsolute(name) ||
    inside === "" ||
    inside === ".." ||
    inside.startsWith(`..${sep}`) ||
    isAbsolute(inside)
  )
    throw new Error("it is not in the notebook's folder");
  return path;
}

function dataOf(path: string): string {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Error("it is not a file");
    if (stats.size > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES >> 20} MB`);
    const bytes = readFileSync(file);
    const start = bytes.toString("latin1", 0, 4096);
    const type = TYPES.find(([, begins]) => begins.test(start))?.[0];
    if (!type) throw new Error("it is not an image that browsers show");
    return `data:${type};base64,${bytes.toString("base64")}`;
  } finally {
    closeSync(file);
  }
}
