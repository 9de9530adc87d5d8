// What the code cites can be opened: every section of method.md that a comment names is one.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const method = readFileSync(join(root, "docs/method.md"), "utf8");

/** "b.3" of every "method.md §b.3 and §c" and of lists like it, with the files that cite it. */
function citations(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const text = readFileSync(join(root, "src", name), "utf8").replaceAll(/\n\s*(\/\/|\*)/g, "");
    for (const [, list] of text.matchAll(/method\.md ((?:§[a-j0](?:[.-]\d+)*(?:, | and )?)+)/g))
      for (const [, section] of list!.matchAll(/§([a-j0](?:[.-]\d+)*)/g))
        found.set(section!, [...(found.get(section!) ?? []), name]);
  }
  return found;
}

/** Whether method.md has it: "a", "b.3", row 10 of section 0, item 8 of section j, rule 4 of b.1. */
function isThere(section: string): boolean {
  const [heading, item] = section.split("-") as [string, string?];
  const title = heading.includes(".") ? `### ${heading} ` : heading === "0" ? "## 0. " : `## (${heading}) `;
  const at = method.indexOf(`\n${title}`);
  if (at < 0) return false;
  if (item === undefined) return true;
  const body = method.slice(at, method.indexOf("\n## ", at + 1));
  return body.includes(heading === "0" ? `\n| ${item} |` : `\n${item}. `);
}

describe("docs/method.md", () => {
  it("has every section that the code cites", () => {
    const cited = citations();
    expect(cited.size).toBeGreaterThan(15);
    for (const [section, files] of cited) expect(isThere(section), `§${section} of ${files}`).toBe(true);
    expect(isThere("b.99")).toBe(false);
  });

  it("names no place of the machine that it was written on", () => {
    expect(method).not.toMatch(/\/work\b|\/tmp\b|\/home\b|localhost/);
  });
});

describe("CONTRIBUTING.md and README.md", () => {
  it.each(["CONTRIBUTING.md", "README.md"])("%s names only files that are there", (document) => {
    const text = readFileSync(join(root, document), "utf8");
    const named = [...text.matchAll(/`((?:src|kernel|widgets|test|bench|docs|notebooks)\/[\w./-]*)`/g)].map(
      ([, path]) => path!,
    );
    const linked = [...text.matchAll(/\]\((?!http)([^)#]+)[^)]*\)/g)].map(([, path]) => path!);
    const missing = [...named, ...linked].filter((path) => {
      if (path.includes("NAME")) return false; // a name to be chosen
      const parts = path.replace(/\/$/, "").split("/");
      const last = parts.pop()!;
      const there = readdirSync(join(root, ...parts));
      return !there.some(
        (name) => name === last || name.startsWith(`${last}.`) || name.startsWith(`${last}-`),
      );
    });
    expect(missing).toEqual([]);
    expect(named.length + linked.length).toBeGreaterThan(10);
  });
});
