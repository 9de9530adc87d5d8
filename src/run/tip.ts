// tip.json: the end of the journal at its last boundary, which reveals a journal that was cut later.

import { join } from "node:path";
import { damagedRun, readFailed } from "../core/errors/index.js";
import type { JournalEvent } from "../core/event.js";
import { writeAtomically } from "../disk/atomic.js";
import { readRegular } from "../disk/regular.js";
import { object, positive, that } from "../store/check.js";
import type { Tip } from "../store/journal.js";
import { isLayerId } from "../store/layer-id.js";

export const TIP_FILE = "tip.json";

const tip = object<Tip>({ events: positive, hash: that<string>("64 hexadecimal digits", isLayerId) });

const tipText = ({ events, hash }: Tip): string => `${JSON.stringify({ events, hash })}\n`;

export const writeTip = (dir: string, of: Tip): Promise<void> =>
  writeAtomically(join(dir, TIP_FILE), new TextEncoder().encode(tipText(of)));

export interface TipFound {
  /** The end of the journal when the folder was read, or a little earlier; null for a run without tip.json. */
  readonly tip: Tip | null;
  /** What is wrong with tip.json; only for a run that was read unchecked. */
  readonly tipDamage?: string;
}

export async function readTip(dir: string): Promise<TipFound> {
  const path = join(dir, TIP_FILE);
  const bytes = await readRegular(path).catch((error) => {
    if (error.code === "ENOENT") return null;
    throw readFailed(path, error);
  });
  if (!bytes) return { tip: null };
  const text = new TextDecoder().decode(bytes);
  try {
    const value = JSON.parse(text) as Tip;
    if (tip(value) === null && tipText(value) === text) return { tip: value };
  } catch {} // treated as any other text that mulab did not write
  return { tip: null, tipDamage: tipDamaged(path).problem };
}

export const tipDamaged = (path: string) =>
  damagedRun(path, "it is not what mulab wrote", '{"events":…,"hash":"…"}');

/** Whether the journal had reached this event when tip.json was written. */
export const isTip = ({ tip }: Pick<TipFound, "tip">, { index, hash }: JournalEvent): boolean =>
  tip !== null && tip.events === index + 1 && tip.hash === hash;
