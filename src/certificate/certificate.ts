// A certificate: what data could have influenced each model of a run, against its access lists, signed. It is an in-toto
// statement in a DSSE envelope; check.ts, which shares no code with the rest of mulab, holds it against the run offline.
// Whatever trained a model came to it through its ancestors: its layers, its hyperparameters, its depth. So the closure of a
// model is the tasks of all its ancestors, and what the root was trained on.

import { hash, type KeyObject, sign } from "node:crypto";
import { join, relative } from "node:path";
import { runBusy } from "../core/errors/index.js";
import { retainedModels } from "../core/live.js";
import type { Access, ModelId, TaskName } from "../core/model.js";
import { modelOf, type State, standingTasks } from "../core/state.js";
import { readRegular } from "../disk/regular.js";
import { JOURNAL_FILE, readRun as readFolder } from "../run/folder.js";
import { RUN_FILE } from "../run/header.js";
import { readRun } from "../run/record.js";
import { keyId } from "./key.js";

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const PREDICATE_TYPE = "urn:mulab:certificate:1";
export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** One model and the closure of its data. */
export interface CertifiedModel {
  readonly task: TaskName;
  readonly model: ModelId;
  readonly layers: readonly string[];
  /** The tasks whose images could have influenced it, its own among them, in the order of their names. */
  readonly influencedBy: readonly TaskName[];
}

export interface Predicate {
  readonly run: {
    readonly experiment: string;
    readonly seed: number;
    readonly events: number;
    readonly bytes: number;
  };
  readonly access: Readonly<Record<TaskName, Access>>;
  /** Fingerprint of each task's images. */
  readonly images: Readonly<Record<TaskName, string>>;
  readonly root: {
    readonly origin: string;
    readonly trainedOn: TaskName | null;
    readonly images: readonly string[];
  };
  readonly models: readonly CertifiedModel[];
  /** Tasks that were forgotten and did not come back. */
  readonly forgotten: readonly TaskName[];
}

/** A file of the run and its hash. */
export interface Subject {
  readonly name: string;
  readonly digest: { readonly sha256: string };
}

export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly Subject[];
  readonly predicateType: typeof PREDICATE_TYPE;
  readonly predicate: Predicate;
}

/** DSSE, https://github.com/secure-systems-lab/dsse. */
export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** The tasks of a model and of all its ancestors. */
function closureOf(state: State, id: ModelId): TaskName[] {
  const tasks = new Set<TaskName>();
  for (let at: ModelId | null = id; at !== null; ) {
    const { task, parent } = modelOf(state, at);
    if (task !== null) tasks.add(task);
    at = parent;
  }
  return [...tasks].sort();
}

/** What can be said of the run in `dir`, which must have ended. Throws as readRun, and run/busy. */
export async function statementOf(dir: string): Promise<Statement> {
  const { store } = await readFolder(dir);
  const { experiment, state, events } = await readRun(dir);
  if (!state.ended) throw runBusy(dir);
  const journal = await readRegular(join(dir, JOURNAL_FILE));
  const models = retainedModels(state).filter(({ task }) => task !== null);
  const used = new Set(retainedModels(state).flatMap(({ path }) => path.map(({ id }) => id)));
  const file = (name: string, bytes: Uint8Array): Subject => ({
    name,
    digest: { sha256: hash("sha256", bytes) },
  });
  const { root } = experiment;
  return {
    _type: STATEMENT_TYPE,
    subject: [
      file(RUN_FILE, await readRegular(join(dir, RUN_FILE))),
      file(JOURNAL_FILE, journal),
      ...[...used].sort().map((id) => ({
        name: relative(dir, store.pathOf(id)).replaceAll("\\", "/"),
        digest: { sha256: id },
      })),
    ],
    predicateType: PREDICATE_TYPE,
    predicate: {
      run: {
        experiment: experiment.name,
        seed: experiment.seed,
        events: events.length,
        bytes: journal.length,
      },
      access: Object.fromEntries(standingTasks(state).map(({ name, access }) => [name, access])),
      images: Object.fromEntries(standingTasks(state).map(({ name, fingerprint }) => [name, fingerprint])),
      root:
        root.kind === "random"
          ? { origin: "random weights", trainedOn: null, images: [] }
          : {
              origin: root.origin,
              trainedOn: root.trainedOn?.task ?? null,
              images: root.trainedOn?.images ?? [],
            },
      models: models.map(({ id, task, path }) => ({
        task: task!,
        model: id,
        layers: path.map((layer) => layer.id),
        influencedBy: closureOf(state, id),
      })),
      forgotten: state.forgotten,
    },
  };
}

/** `statement` in an envelope, signed with an Ed25519 key. */
export function signed(statement: Statement, key: KeyObject): Envelope {
  const payload = Buffer.from(JSON.stringify(statement));
  return {
    payloadType: PAYLOAD_TYPE,
    payload: payload.toString("base64"),
    signatures: [{ keyid: keyId(key), sig: sign(null, authenticated(payload), key).toString("base64") }],
  };
}

/** DSSE's pre-authentication encoding. */
const authenticated = (payload: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(PAYLOAD_TYPE)} ${PAYLOAD_TYPE} ${payload.length} `),
    payload,
  ]);
