// Phrases that no native speaker writes, of which this code once was full (CONTRIBUTING: the language). A pattern is here only
// where it has no false alarm; it does not replace reading. test/lab/node_modules, which e2e tests install, is not ours.

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const PATTERNS: readonly (readonly [pattern: RegExp, better: string])[] = [
  [
    /\b(?:an?|one) (?!run|notebook)[a-z]+ an? (?:task|method|class|point|row|panel|generation|repetition|run|step|cycle)\b/,
    "one X per Y",
  ],
  [
    /\b(?:is|are) no (?:function|image|number|numbers|integer|object|error|PNG|JPEG|text|chart)\b/,
    "is not an X",
  ],
  [/\b(?:listeners?|kernel|sink|it|who|that) hears?\b/, "is notified, receives, listens"],
  [/\bgo(?:es|ing)? on (?:with|from|where|until|when)\b/, "continues, resumes"],
  [/\bshall\b/, "is to, must, will"],
  [/\b(?:can|can't|to) be had\b/, "is available"],
  [/\bso many(?:th)? (?:bytes|columns|images|frames|rows|steps)\b/, "this many"],
];

const sources = ["src", "kernel", "widgets", "bench", "test", "docs", "."].flatMap((folder) =>
  readdirSync(folder, { recursive: folder !== ".", encoding: "utf8" })
    .map((name) => (folder === "." ? name : `${folder}/${name}`))
    .filter(
      (name) => /\.(?:ts|md)$/.test(name) && !/node_modules|fixtures|plain-words|docs\/method\.md/.test(name),
    ),
);

it.each(PATTERNS)("%s is not written; better: %s", (pattern) => {
  expect(sources.length).toBeGreaterThan(500);
  const found = sources.flatMap((name) =>
    readFileSync(name, "utf8")
      .split("\n")
      .flatMap((line, i) => (pattern.test(line) ? [`${name}:${i + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
