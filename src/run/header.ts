// run.json: what a run is. It is written once; the first event of the journal has its hash.

import { hash } from "node:crypto";
import { damagedRun, newerFormat } from "../core/errors/index.js";
import type { Event } from "../core/event.js";
import { decodeUtf8, parseStrictJson } from "../core/strict-json.js";
import { count, object, oneOf, positive, record, text, that } from "../store/check.js";
import { LATEST_FORMAT, RUN_FORMAT } from "../store/format.js";

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a run keeps beside the layers that it may still build on: those of each activation's survivor, or of every candidate. */
export type Keep = "activations" | "all";

/** run.json. */
export interface RunHeader {
  readonly format: number;
  /** The whole experiment, so that the run continues as it began; not interpreted here. */
  readonly experiment: Json;
  readonly seed: number;
  /** mulab, Node, the engine: name to version. */
  readonly versions: Readonly<Record<string, string>>;
  /** The device, in words. */
  readonly device: string;
  /** Threads of the engine, on which the last bits of results depend; runs of earlier versions don't say. */
  readonly threads?: number;
  /** Layers that the run keeps though it no longer needs them, so that it can branch from its past without training again. */
  readonly keep?: Keep;
}

export const RUN_FILE = "run.json";

const json = that<Json>("JSON", (value) => value !== undefined);

const header = object<RunHeader>(
  { format: positive, experiment: json, seed: count, versions: record(text), device: text },
  { threads: positive, keep: oneOf("activations", "all") },
);

export const headerBytesOf = (run: Omit<RunHeader, "format">, format = RUN_FORMAT): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify({ ...{ format }, ...run } satisfies RunHeader, null, 2)}\n`);

/** The hash of run.json in the first event of a run. */
export const headerHash = (bytes: Uint8Array): string => hash("sha256", bytes);

/** Parses the bytes of run.json. Throws run/damaged, run/newer-format. */
export function parseHeader(bytes: Uint8Array, path: string): RunHeader {
  let value: unknown;
  try {
    value = parseStrictJson(decodeUtf8(bytes));
  } catch (error) {
    throw damagedRun(path, `it is not JSON (${(error as Error).message})`, "what mulab wrote");
  }
  const { format } = (value ?? {}) as { format?: unknown };
  if (typeof format === "number" && format > LATEST_FORMAT) throw newerFormat(path, format, LATEST_FORMAT);
  const problem = header(value);
  if (problem)
    throw damagedRun(path, `${problem.path.slice(1) || "it"} is ${problem.found}`, problem.expected);
  return value as RunHeader;
}

/** The actual sha-256 of run.json and the one in the first event, if they differ. */
export function headerDifference(
  { headerBytes }: { readonly headerBytes: Uint8Array },
  first: Event | undefined,
): { readonly found: string; readonly expected: string } | null {
  if (first?.type !== "run-started" || first.header === undefined) return null;
  const found = headerHash(headerBytes);
  return found === first.header ? null : { found, expected: first.header };
}
