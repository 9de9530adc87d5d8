/**
 * Closes a page: whatever is in it, it can fetch nothing, send nothing and lead nowhere by itself, and it runs one
 * script, ours.
 *
 * A policy in the page does most of it. What no policy forbids is taken out: a refresh, a base for links, hints that make a
 * browser look up names. The page is read by the rules that browsers read by, so nothing hides from us that they would see.
 */
import { createHash } from "node:crypto";
import { type DefaultTreeAdapterTypes, parse } from "parse5";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A data: address for what an image names; undefined leaves it as it is, and the browser will not fetch it. */
export type Embed = (source: string) => string | undefined;

/** Elements that are taken out whole. */
const OUT = ["base", "link", "noscript", "script"];
/** Scripts of these types are data: a browser runs none of them. */
const DATA_TYPE = /^(application\/(vnd\.[\w.+-]+|json|ld\+json)|text\/(plain|markdown|x-[\w-]+))(;|$)/i;
/** So that what is left and right of it does not grow together into something else. */
const NOTHING = "<!---->";
const MOST_ROUNDS = 8;

/** The page `html`, closed, with `script` at its end and images as `embed` gives them. Throws where it can't be closed. */
export function closedPage(html: string, script: string, embed: Embed): string {
  let page = edited(html, (element) => [...removal(element), ...image(element, embed)]);
  for (let round = 0; ; round++) {
    const next = edited(page, removal);
    if (next === page) break;
    if (round === MOST_ROUNDS)
      throw new Error("The page can't be closed: its markup changes whenever it is read.");
    page = next;
  }
  return withPolicy(page, script.replaceAll("\r\n", "\n").replaceAll(/<(?=\/script|!--|script)/gi, "\\x3c"));
}

function withPolicy(page: string, script: string): string {
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "font-src data:",
    "media-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const head = [
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="generator" content="mulab">',
    '<meta name="referrer" content="no-referrer">',
    '<meta http-equiv="x-dns-prefetch-control" content="off">',
  ].join("");
  const { htmlEnd, headEnd, bodyEnd } = landmarks(page);
  const start = headEnd ?? htmlEnd ?? 0;
  const end = bodyEnd ?? page.length;
  return `${page.slice(0, start)}${head}${page.slice(start, end)}<script>${script}</script>${page.slice(end)}`;
}

/** Where the first tags end, and where the body does. */
function landmarks(page: string): { htmlEnd?: number; headEnd?: number; bodyEnd?: number } {
  const found: { htmlEnd?: number; headEnd?: number; bodyEnd?: number } = {};
  for (const element of elementsOf(parse(page, { sourceCodeLocationInfo: true }))) {
    const { startTag, endTag } = element.sourceCodeLocation ?? {};
    if (element.tagName === "html" && startTag) found.htmlEnd = startTag.endOffset;
    if (element.tagName === "head" && startTag) found.headEnd = startTag.endOffset;
    if (element.tagName === "body" && endTag) found.bodyEnd = endTag.startOffset;
  }
  return found;
}

function removal(element: Element): Edit[] {
  if (!isOut(element)) return [];
  const { startOffset, endOffset } = element.sourceCodeLocation!;
  return [{ start: startOffset, end: endOffset, text: NOTHING }];
}

function isOut(element: Element): boolean {
  if (!element.sourceCodeLocation) return false; // implied by the rules, not in the text
  const { tagName } = element;
  if (tagName === "meta") {
    const what = attribute(element, "http-equiv")?.trim().toLowerCase();
    return what !== undefined && what !== "content-type";
  }
  if (tagName === "script") return !DATA_TYPE.test(attribute(element, "type")?.trim() ?? "");
  return OUT.includes(tagName);
}

function image(element: Element, embed: Embed): Edit[] {
  const source = element.tagName === "img" ? attribute(element, "src") : undefined;
  const place = element.sourceCodeLocation?.attrs?.src;
  const data = source !== undefined && place ? embed(source.trim()) : undefined;
  return data === undefined
    ? []
    : [{ start: place!.startOffset, end: place!.endOffset, text: `src="${data}"` }];
}

const attribute = ({ attrs }: Element, name: string): string | undefined =>
  attrs.find((each) => each.name === name)?.value;

function edited(page: string, edits: (element: Element) => readonly Edit[]): string {
  const all = [...elementsOf(parse(page, { sourceCodeLocationInfo: true }))].flatMap(edits);
  all.sort((a, b) => a.start - b.start || b.end - a.end);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text } of all) {
    if (start < at) continue; // inside of what went already
    parts.push(page.slice(at, start), text);
    at = end;
  }
  return parts.join("") + page.slice(at);
}

function* elementsOf(node: Node): Generator<Element> {
  const open: Node[] = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    if ("tagName" in next) yield next;
    if ("content" in next) open.push(next.content); // a template's
    if ("childNodes" in next) open.push(...next.childNodes);
  }
}
