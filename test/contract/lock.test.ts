// One writer among many processes that all want to be it: on this machine and in other PID namespaces (as containers
// have them, here under the same host name), with and without hard links, and where owners are killed.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
const support = (file: string) => new URL(`../support/${file}`, import.meta.url);

/** Runs a command in a PID namespace of its own. */
const APART = ["unshare", "-pf", "--mount-proc"];
const canApart =
  process.platform === "linux" && spawnSync(APART[0]!, [...APART.slice(1), "true"]).status === 0;
if (!canApart)
  console.warn("SKIPPED: no PID namespaces here (unshare needs root), so containers are not tried");

interface Counted {
  readonly taken: number;
  readonly refused: number;
  readonly together: number;
  readonly lost: number;
}
interface Contender {
  readonly isApart?: boolean;
  readonly hasLinks?: boolean;
  /** Dies, holding the lock, at this acquisition. */
  readonly dies?: number;
}

/** What a contender counted; null for one that was killed. */
async function contend(dir: string, seconds: number, how: Contender): Promise<Counted | null> {
  const { isApart = false, hasLinks = true, dies = 0 } = how;
  const node = [
    process.execPath,
    ...(hasLinks ? [] : ["--import", support("no-links.mjs").href]),
    support("source-worker.mjs").pathname,
    support("lock-contender.ts").href,
    ...[dir, `mulab${dir}`, String(seconds), String(dies)],
  ];
  const [command, ...args] = isApart ? [...APART, ...node] : node;
  const child = spawn(command!, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  const [code, signal] = await once(child, "close");
  if (dies > 0 && signal === "SIGKILL") return null;
  expect([code, signal]).toEqual([0, null]);
  return JSON.parse(text);
}

const sum = (all: readonly (Counted | null)[]): Counted => {
  const total = (key: keyof Counted) => all.reduce((total, counted) => total + (counted?.[key] ?? 0), 0);
  return {
    taken: total("taken"),
    refused: total("refused"),
    together: total("together"),
    lost: total("lost"),
  };
};

// The witness is a socket without a file, which Linux alone has.
describe.runIf(process.platform === "linux")("a lock that many processes want", () => {
  it.each([
    ["in one place", { isApart: false, hasLinks: true }],
    ["in one place, without hard links", { isApart: false, hasLinks: false }],
    ...(canApart
      ? ([
          ["in several PID namespaces", { isApart: true, hasLinks: true }],
          ["in several PID namespaces, without hard links", { isApart: true, hasLinks: false }],
        ] as const)
      : []),
  ] as const)("has one owner at a time, %s", async (_, { isApart, hasLinks }) => {
    const dir = folder();
    const contenders = Array.from({ length: 4 }, (_, i) => ({ isApart: isApart && i > 0, hasLinks }));
    const { taken, refused, together, lost } = sum(
      await Promise.all(contenders.map((how) => contend(dir, 6, how))),
    );
    console.log(`${taken} acquisitions, ${refused} refusals, ${together} together, ${lost} lost`);
    expect({ together, lost }).toEqual({ together: 0, lost: 0 });
    // So that it was a contest; a quiet machine counts thousands.
    expect(taken).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(10);
    expect(readdirSync(dir)).toEqual([]);
  });

  it("is seized from owners that are killed, by one at a time", async () => {
    const dir = folder();
    const lasting = Array.from({ length: 2 }, () => contend(dir, 8, {}));
    let isOver = false;
    const dying = (async () => {
      let killed = 0;
      for (; !isOver; killed++) await contend(dir, 60, { dies: 1 + (killed % 5) });
      return killed;
    })();
    const counted = sum(await Promise.all(lasting));
    isOver = true;
    const killed = await dying;
    console.log(`${counted.taken} acquisitions, ${killed} owners killed, ${counted.together} together`);
    expect([counted.together, counted.lost]).toEqual([0, 0]);
    expect(killed).toBeGreaterThan(1);
    expect(counted.taken).toBeGreaterThan(50);
  });
});
