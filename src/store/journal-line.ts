// A line of a journal: {"hash":"…","prev":"…",…event}. `prev` is the hash of the line before, `hash` the sha-256 of the line
// from `"prev"` on (`tail -1 events.jsonl | tr -d '\n' | cut -c75- | sha256sum`). So a line vouches for itself and for all
// lines before it, and a damaged byte anywhere is detected, even in the last line.

import { hash } from "node:crypto";
import { damagedJournal, MulabError, newerFormat, withoutStop } from "../core/errors/index.js";
import type { Event, JournalEvent } from "../core/event.js";
import { LATEST_FORMAT } from "./format.js";
import { parseEvent, serializeEvent } from "./parse-event.js";

/** What the first line has as the hash of the line before. */
export const BEFORE_FIRST = "0".repeat(64);

const HASHED_FROM = '{"hash":"",'.length + 64;
const EVENT_FROM = HASHED_FROM + '"prev":"",'.length + 64;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const LAYOUT = /^\{"hash":"[0-9a-f]{64}","prev":"[0-9a-f]{64}",/;

/** The line of `event`, newline included, and its hash. Throws journal/not-valid-event for an event that could not be read again. */
export function encodeLine(event: Event, prev: string): { bytes: Buffer; hash: string } {
  const hashed = `"prev":"${prev}",${serializeEvent(event).slice(1)}`;
  const own = hash("sha256", hashed);
  return { bytes: Buffer.from(`{"hash":"${own}",${hashed}\n`), hash: own };
}

/** The event on line `index` (from 0) of `file`, newline not included. Throws journal/damaged, run/newer-format. */
export function decodeLine(bytes: Uint8Array, prev: string, file: string, index: number): JournalEvent {
  const text = decoder.decode(bytes);
  const fail = (found: string) => damagedJournal(file, index + 1, found);
  const own = hash("sha256", bytes.subarray(HASHED_FROM));
  const sound = text.startsWith(`{"hash":"${own}",`);
  // A later format may hash its lines differently; a damaged line of this format must not pass for one of a later format.
  if (index === 0 && (sound || !LAYOUT.test(text))) refuseNewer(text, file);
  if (!sound) throw fail("the line does not match its hash");
  if (text.slice(HASHED_FROM, EVENT_FROM) !== `"prev":"${prev}",`)
    throw fail("the line does not follow the one before it");
  try {
    return { index, hash: own, event: parseEvent(JSON.parse(`{${text.slice(EVENT_FROM)}`)) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof MulabError)
      throw fail(withoutStop(error instanceof MulabError ? error.problem : error.message));
    throw error;
  }
}

/** The hash of a line that is sound and follows the one with hash `prev`, without reading its event; null for any other. */
export function soundHash(bytes: Buffer, prev: string): string | null {
  const own = hash("sha256", bytes.subarray(HASHED_FROM));
  const start = `{"hash":"${own}","prev":"${prev}",`;
  return bytes.toString("latin1", 0, EVENT_FROM) === start ? own : null;
}

/** Whether `bytes`, which follow the last complete line and have no newline, are the beginning of a line that follows the one with hash `prev`. A crash leaves such a beginning; anything else is damage, including a complete line with a damaged newline. */
export function isTornLine(bytes: Uint8Array, prev: string): boolean {
  const text = beginningOf(bytes);
  if (text === null) return false;
  const start = `{"hash":"${"x".repeat(64)}","prev":"${prev}",`;
  for (let i = 0; i < Math.min(start.length, text.length); i++)
    if (start[i] === "x" ? !/[0-9a-f]/.test(text[i]!) : text[i] !== start[i]) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them, so a line has none
  if (/[\u0000-\u001f]/.test(text)) return false;
  const line = bytes.subarray(0, -1);
  return !text.startsWith(`{"hash":"${hash("sha256", line.subarray(HASHED_FROM))}",`);
}

/** The complete characters at the beginning of `bytes`; null if they are not UTF-8. */
function beginningOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

function refuseNewer(text: string, file: string): void {
  let first: { type?: unknown; format?: unknown } | null = null;
  try {
    first = JSON.parse(text);
  } catch {} // damage, which the hash will reveal
  if (first?.type === "run-started" && typeof first.format === "number" && first.format > LATEST_FORMAT)
    throw newerFormat(file, first.format, LATEST_FORMAT);
}
