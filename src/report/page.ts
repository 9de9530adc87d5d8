// The page around a report. By their hashes, it may use its own script and style, and nothing else.

import { createHash } from "node:crypto";
import { GENERATOR_TAG, isOwnPage } from "../format/generator.js";
import { type Html, html, svg } from "../format/html.js";
import { SCRIPT } from "./script.js";
import { styleSheet } from "./style.js";

/** A whole page in the colours of `tasks` tasks. */
export function page(title: string, body: Html, tasks: number): string {
  const style = styleSheet(tasks);
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    `script-src ${hash(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
${svg(GENERATOR_TAG)}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${svg(style)}</style>
</head>
<body>
${body}
<script>${svg(SCRIPT)}</script>
</body>
</html>
`.text;
}

/** A report, and how to recognize one that mulab wrote; those of the first version have no mark. */
export const REPORT_KIND = {
  name: "a report of mulab",
  recognise: (head: Uint8Array): boolean =>
    isOwnPage(head) || new TextDecoder("latin1").decode(head).startsWith(UNMARKED),
};

const UNMARKED =
  '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'sha256-';
