// The installation in Jupyter's folders: cut short anywhere, it is done again; what is not mulab's stays.

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { installInto, removeKernel } from "../../kernel/install.js";
import { arm, disarm, type FaultKind } from "../support/disk-faults.mjs";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();

const listing = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `${join(entry.parentPath, entry.name).slice(folder.length + 1)}`)
    .sort();

const place = (prefix: string) => ({ kind: "prefix", folder: prefix }) as const;
const dataOf = (prefix: string) => join(prefix, "share", "jupyter");

it("is whole, or is done again, whatever operation of the disk fails", () => {
  const whole = newFolder();
  arm({ root: whole });
  installInto(dataOf(whole));
  const operations = disarm().length;
  expect(operations).toBeGreaterThan(20);
  const expected = listing(whole);
  const kinds: readonly FaultKind[] = ["EIO", "ENOSPC", "half"];
  const prefix = newFolder();
  const spec = join(dataOf(prefix), "kernels", "mulab", "kernel.json");
  // Where nothing is installed yet, and where there is an installation, which stays valid all the while.
  for (const isFirst of [true, false]) {
    installInto(dataOf(prefix));
    for (let n = 0; n < operations; n += 2) {
      if (isFirst) rmSync(join(prefix, "share"), { recursive: true, force: true });
      arm({ root: prefix, at: n, how: kinds[(n / 2) % 3]! });
      try {
        installInto(dataOf(prefix));
      } catch {
        // as the disk says
      }
      disarm();
      if (!isFirst || existsSync(spec)) expect(() => JSON.parse(readFileSync(spec, "utf8"))).not.toThrow();
      if (n % 10 > 0) continue; // the next one finds what this one left
      installInto(dataOf(prefix));
      expect(listing(prefix)).toEqual(expected);
    }
  }
  installInto(dataOf(prefix));
  removeKernel(place(prefix));
  expect(listing(prefix)).toEqual([]);
}, 60_000);

it("is removed whole by a second removal where the first was cut short", () => {
  const whole = newFolder();
  installInto(dataOf(whole));
  arm({ root: whole });
  removeKernel(place(whole));
  const operations = disarm().length;
  for (let n = 0; n < operations; n++) {
    const prefix = newFolder();
    installInto(dataOf(prefix));
    arm({ root: prefix, at: n, how: "EIO" });
    try {
      removeKernel(place(prefix));
    } catch {
      // as the disk says
    }
    disarm();
    removeKernel(place(prefix));
    expect(listing(prefix)).toEqual([]);
  }
});

it("leaves nothing of an installation that was killed while it wrote aside, in any of its folders", () => {
  const whole = newFolder();
  installInto(dataOf(whole));
  const expected = listing(whole);
  const folders = new Set(expected.map((name) => dirname(name)));
  const { pid } = spawnSync(process.execPath, ["--version"]); // of a process that has ended
  for (const folder of folders)
    for (const again of [true, false]) {
      const prefix = newFolder();
      installInto(dataOf(prefix));
      writeFileSync(join(prefix, folder, `.mulab-aside-${pid}`), "half of a fi");
      if (again) installInto(dataOf(prefix));
      if (again) expect(listing(prefix)).toEqual(expected);
      removeKernel(place(prefix));
      expect(listing(prefix)).toEqual([]);
    }
});

describe("what is not mulab's", () => {
  const FOREIGN: Readonly<Record<string, (data: string) => string>> = {
    "a kernel of that name": (data) => {
      const file = join(data, "kernels", "mulab", "kernel.json");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ argv: ["python3"], display_name: "Another" }));
      return file;
    },
    "a folder of that name with other files": (data) => {
      const file = join(data, "kernels", "mulab", "thesis.txt");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, "mine");
      return file;
    },
    "a link to a folder elsewhere": (data) => {
      const elsewhere = newFolder();
      mkdirSync(join(data, "kernels"), { recursive: true });
      symlinkSync(elsewhere, join(data, "kernels", "mulab"));
      writeFileSync(join(elsewhere, "kernel.json"), "{}");
      return join(elsewhere, "kernel.json");
    },
    "an extension of that name": (data) => {
      const file = join(data, "labextensions", "mulab", "package.json");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ name: "another" }));
      return file;
    },
    "a link in the place of the defaults": (data) => {
      const elsewhere = join(newFolder(), "settings.json");
      writeFileSync(elsewhere, "{}");
      mkdirSync(join(data, "lab", "settings", "overrides.d"), { recursive: true });
      symlinkSync(elsewhere, join(data, "lab", "settings", "overrides.d", "mulab.json"));
      return elsewhere;
    },
  };
  it.each(Object.keys(FOREIGN))("%s is neither replaced nor removed", (what) => {
    const prefix = newFolder();
    const file = FOREIGN[what]!(dataOf(prefix));
    const before = [readFileSync(file, "utf8"), listing(prefix)];
    expect(() => installInto(dataOf(prefix))).toThrow(/is not what an earlier installation of mulab left/);
    expect(() => removeKernel(place(prefix))).toThrow(/is not what an earlier installation of mulab left/);
    expect([readFileSync(file, "utf8"), listing(prefix)]).toEqual(before);
  });
});
