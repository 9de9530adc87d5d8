// The listing, the rules of dependency-cruiser and the picture in README say the same.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, it } from "vitest";

const rooms: Readonly<Record<string, readonly string[]>> = createRequire(import.meta.url)(
  "../../.dependency-cruiser.cjs",
).rooms;

/** The rows of the picture, from the top down: the rooms that each names. */
function pictured(): string[][] {
  const readme = readFileSync("README.md", "utf8");
  const picture = /## How it is built[\s\S]*?```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  return picture
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {3,}/)[0]!.split("  ").filter(Boolean));
}

const DOORS = ["index.ts", "cli.ts"];

it("every room of the listing has a rule, and every rule a room", () => {
  const listed = readdirSync("src").filter((name) => !DOORS.includes(name));
  expect(Object.keys(rooms).sort()).toEqual(listed.sort());
});

it("the picture in README has every room once, and every arrow that a rule allows goes down", () => {
  const rows = pictured();
  const all = rows.flat();
  expect(all.toSorted()).toEqual([...Object.keys(rooms), ...DOORS].toSorted());
  const depth = new Map(rows.flatMap((row, i) => row.map((name) => [name, i] as const)));
  for (const [room, known] of Object.entries(rooms))
    for (const other of known)
      expect(depth.get(other), `${room} → ${other}`).toBeGreaterThan(depth.get(room)!);
});

it("no file is beside a folder of its own name", () => {
  const entries = readdirSync("src", { recursive: true, withFileTypes: true });
  const folders = new Set(entries.filter((e) => e.isDirectory()).map((e) => `${e.parentPath}/${e.name}`));
  const beside = entries
    .filter((e) => e.isFile() && folders.has(`${e.parentPath}/${e.name.replace(/\.ts$/, "")}`))
    .map((e) => `${e.parentPath}/${e.name}`);
  expect(beside).toEqual([]);
});

it("what a class keeps to itself is #private, which also holds when the program runs", () => {
  const sources = ["src", "kernel", "widgets"].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${room}/${name}`),
  );
  const found = sources.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      // Only a constructor can't be #private.
      .flatMap((line, i) =>
        /^\s*(constructor\()?private (?!constructor)/.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [],
      ),
  );
  expect(found).toEqual([]);
});
