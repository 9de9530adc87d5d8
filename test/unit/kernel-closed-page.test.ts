// The page of a notebook: what it embeds, and that nothing in it fetches, sends or leads away.

import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { closedPage } from "../../kernel/closed-page.js";
import { embedFrom, type LeftOut } from "../../kernel/embed-image.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const page = (body: string, head = "") =>
  `<!DOCTYPE html><html><head><meta charset="utf-8">${head}</head><body>${body}</body></html>`;
const closed = (html: string) => closedPage(html, "ours()", () => undefined);

describe("a closed page", () => {
  it.each([
    "<script>location='https://x.org'</script>",
    "<SCRIPT SRC=//x.org/a.js></SCRIPT>",
    '<script type="module">import "https://x.org"</script>',
    '<script type="importmap">{}</script>',
    "<svg><script>location=1</script></svg>",
    '<meta http-equiv="refresh" content="0;url=https://x.org">',
    "<meta HTTP-EQUIV=' Refresh ' content='0;https://x.org'>",
    "<base href=https://x.org/>",
    "<link rel=dns-prefetch href=//x.org>",
    "<noscript><meta http-equiv=refresh content='0;https://x.org'></noscript>",
    "<template><script>1</script></template>",
    "<<link>meta http-equiv=refresh content='0;https://x.org'>",
  ])("has no more %s", (hostile) => {
    for (const html of [page(hostile), page("", hostile)]) {
      const out = closed(html);
      expect(out).not.toMatch(/<(script|base|link|noscript)(?! type="application)(?!>ours)[\s/>]/i);
      expect(out).not.toMatch(/<meta[^>]*refresh/i);
      expect(out.match(/<script/gi)).toHaveLength(1);
    }
  });

  it("keeps what is data and text, and lets one script run, by its hash", () => {
    const state = '<script type="application/vnd.jupyter.widget-state+json">{"a":"<b>"}</script>';
    const out = closed(page(`<p>one &lt;script&gt;</p>${state}<a href="https://x.org">x</a>`));
    expect(out).toContain(state);
    expect(out).toContain("one &lt;script&gt;");
    expect(out).toMatch(
      /<head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[\w+/]+='; /,
    );
    expect(out).toContain("base-uri 'none'; form-action 'none'");
    expect(out).not.toContain("script-src 'unsafe");
    expect(out).toContain("<script>ours()</script></body>");
  });
});

describe("images", () => {
  const folder = newFolder();
  const notebook = join(folder, "book");
  mkdirSync(join(notebook, "pictures"), { recursive: true });
  writeFileSync(join(notebook, "pictures", "a b.png"), PNG);
  writeFileSync(
    join(notebook, "drawing.svg"),
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
  );
  writeFileSync(join(notebook, "notes.txt"), "a password");
  writeFileSync(join(folder, "secret.png"), PNG);
  symlinkSync(join(folder, "secret.png"), join(notebook, "link.png"));
  symlinkSync(folder, join(notebook, "up"));
  symlinkSync(join(notebook, "pictures", "a b.png"), join(notebook, "inside.png"));
  if (process.platform !== "win32") execFileSync("mkfifo", [join(notebook, "fifo.png")]);

  const embed = (source: string): { data: string | undefined; leftOut: LeftOut[] } => {
    const leftOut: LeftOut[] = [];
    return { data: embedFrom(notebook, leftOut)(source), leftOut };
  };

  it.each([
    "pictures/a b.png",
    "pictures/a%20b.png",
    "./pictures/a b.png?x#y",
    "inside.png",
  ])("of the notebook's folder are put in: %s", (source) => {
    expect(embed(source)).toEqual({ data: `data:image/png;base64,${PNG.toString("base64")}`, leftOut: [] });
  });

  it("may be SVG, which runs nothing as an image", () => {
    expect(embed("drawing.svg").data).toMatch(/^data:image\/svg\+xml;base64,/);
  });

  it.each([
    ["../secret.png", "not in the notebook's folder"],
    ["..%2fsecret.png", "not in the notebook's folder"],
    [join(folder, "secret.png"), "not in the notebook's folder"],
    [join(notebook, "pictures", "a b.png"), "not in the notebook's folder"],
    ["link.png", "not in the notebook's folder"],
    ["up/secret.png", "not in the notebook's folder"],
    [`file://${join(folder, "secret.png")}`, "not in the notebook's folder"],
    ["https://x.org/a.png", "not in the notebook's folder"],
    ["//x.org/a.png", "not in the notebook's folder"],
    ["notes.txt", "not an image"],
    ["pictures", "not a file"],
    ["fifo.png", "not a file"],
    ["nowhere.png", "no such file"],
    ["%ff", ""],
  ])("from elsewhere, and what is not an image, are left out and reported: %s", (source, why) => {
    const { data, leftOut } = embed(source);
    expect(data).toBeUndefined();
    expect(leftOut).toEqual([{ source, why: expect.stringContaining(why) }]);
  });

  it("are put into the page by their place in it", () => {
    const html = page(
      `<img alt="<img src=x>" src='drawing.svg'><img SRC=../secret.png><script type="application/json">"<img src=drawing.svg>"</script>`,
    );
    const leftOut: LeftOut[] = [];
    const out = closedPage(html, "", embedFrom(notebook, leftOut));
    expect(out).toContain('<img alt="<img src=x>" src="data:image/svg+xml;base64,');
    expect(out).toContain("<img SRC=../secret.png>"); // which the policy keeps the browser from
    expect(out).toContain('"<img src=drawing.svg>"</script>');
    expect(leftOut).toHaveLength(1);
  });
});
