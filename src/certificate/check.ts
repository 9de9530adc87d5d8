#!/usr/bin/env node
// Checks a certificate of mulab offline, and shares no code with it: this file needs nothing but Node, so that whoever trusts
// nobody can read all of it. It verifies the signature, the hashes of run.json, of the journal and of every layer, recomputes
// from the journal what could have influenced each model, and holds that against the access lists.
//
//   node check.js CERTIFICATE --run DIR --public-key FILE

import { createHash, createPublicKey, verify } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

// biome-ignore lint/suspicious/noExplicitAny: this is the wire; nothing of mulab's types is trusted here
type Json = any;

/** Everything that is wrong with the certificate or the run; empty if nothing is. */
export function problemsOf(certificate: string, dir: string, publicKey: string): string[] {
  const problems: string[] = [];
  const say = (problem: string): void => void problems.push(problem);
  let envelope: Json;
  let statement: Json;
  try {
    envelope = JSON.parse(certificate);
    statement = JSON.parse(Buffer.from(envelope.payload, "base64").toString("utf8"));
  } catch (error) {
    return [`the certificate can't be read: ${(error as Error).message}`];
  }
  checkSignature(envelope, publicKey, say);
  if (
    statement._type !== "https://in-toto.io/Statement/v1" ||
    statement.predicateType !== "urn:mulab:certificate:1"
  ) {
    say("it is not a certificate of mulab, or of another version");
    return problems;
  }
  try {
    checkRun(statement, dir, say);
  } catch (error) {
    say(`the run can't be read: ${(error as Error).message}`);
  }
  return problems;
}

function checkSignature(envelope: Json, publicKey: string, say: (problem: string) => void): void {
  const payload = Buffer.from(envelope.payload, "base64");
  const type = String(envelope.payloadType);
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  const bytes = Buffer.concat([Buffer.from(head), payload]);
  const key = createPublicKey(publicKey);
  const signatures: Json[] = Array.isArray(envelope.signatures) ? envelope.signatures : [];
  if (!signatures.some(({ sig }) => verify(null, bytes, key, Buffer.from(String(sig), "base64"))))
    say("the signature does not belong to this certificate and this public key");
}

function checkRun({ subject, predicate }: Json, dir: string, say: (problem: string) => void): void {
  const expected = new Map<string, string>(subject.map((each: Json) => [each.name, each.digest.sha256]));
  const journal = readFileSync(join(dir, "events.jsonl"));
  const covered = journal.subarray(0, predicate.run.bytes);
  if (expected.get("run.json") !== sha256(readFileSync(join(dir, "run.json"))))
    say("run.json is not the certified one");
  if (expected.get("events.jsonl") !== sha256(covered)) say("the journal is not the certified one");
  else if (journal.length > covered.length)
    say("the run has changed since it was certified: certify it again");

  const run = journalOf(covered.toString("utf8"), say);
  const histories = layerHistories(dir, say);
  const layers = new Set<string>();
  for (const [name] of expected) {
    const id = /^layers\/.*?([0-9a-f]{64})[^/]*$/.exec(name)?.[1];
    if (id === undefined) continue;
    layers.add(id);
    if (expected.get(name) !== id) say(`layer ${id.slice(0, 8)} is certified under another hash`);
    if (!histories.has(id)) say(`layer ${id.slice(0, 8)} is missing`);
  }

  const access = (task: string): Json => run.access.get(task);
  if (JSON.stringify(sorted(predicate.access)) !== JSON.stringify(sorted(run.standing())))
    say("the access lists are not those of the journal");
  const certified = new Map<string, Json>(predicate.models.map((model: Json) => [model.task, model]));
  for (const [task, id] of run.retained) {
    const model = certified.get(task);
    certified.delete(task);
    if (!model) {
      say(`the model of "${task}" is not certified`);
      continue;
    }
    if (model.model !== id) say(`the model of "${task}" is ${id}, not ${model.model}`);
    const path: string[] = run.paths.get(id) ?? [];
    if (path.join() !== model.layers.join())
      say(`the layers of the model of "${task}" are not those of the journal`);
    const closure = run.closure(id);
    const claimed = new Set<string>(model.influencedBy);
    for (const layer of path) {
      if (!layers.has(layer)) say(`layer ${layer.slice(0, 8)} of the model of "${task}" is not certified`);
      for (const trainer of histories.get(layer) ?? []) closure.add(trainer);
    }
    for (const source of closure)
      if (!claimed.has(source))
        say(`the model of "${task}" was influenced by "${source}", which is not certified`);
    for (const source of claimed)
      if (!closure.has(source))
        say(`the model of "${task}" is certified as influenced by "${source}", and was not`);
    for (const source of closure)
      if (source !== task && !admits(access(source), task))
        say(`the model of "${task}" was influenced by "${source}", which does not let it`);
  }
  for (const task of certified.keys()) say(`a model of "${task}" is certified that the run does not have`);
  checkRoot(predicate, dir, access, say);
  for (const task of run.forgotten)
    if (access(task) === "private")
      for (const [id, trainers] of histories)
        if (trainers.has(task)) say(`layer ${id.slice(0, 8)} was trained on "${task}", which was forgotten`);
}

const sorted = (object: Json): [string, Json][] =>
  Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));

const admits = (access: Json, task: string): boolean =>
  access === "public" || (Array.isArray(access) && access.includes(task));

/** The root must not come from images that are not for everybody, because everybody builds on it. */
function checkRoot(
  { root }: Json,
  dir: string,
  access: (task: string) => Json,
  say: (problem: string) => void,
): void {
  const spec = JSON.parse(readFileSync(join(dir, "run.json"), "utf8")).experiment.root;
  const trainedOn = spec.trainedOn?.task ?? null;
  if ((root.trainedOn ?? null) !== trainedOn)
    say(`the root was trained on ${trainedOn}, not on ${root.trainedOn}`);
  if (trainedOn !== null && access(trainedOn) !== undefined && access(trainedOn) !== "public")
    say(`the root was trained on "${trainedOn}", which is not public`);
}

/** The tasks of a system at some time. */
interface Past {
  access: Map<string, Json>;
  retained: Map<string, number>;
  forgotten: Set<string>;
}

function refill<V>(map: Map<string, V>, from: Map<string, V>): void {
  map.clear();
  for (const [key, value] of from) map.set(key, value);
}

/** Two systems as one: of each task, what only one of them changed since the common past; otherwise what the merge prefers. */
function mergedPast(
  common: Past,
  ours: Past,
  theirs: Past,
  prefer: string | undefined,
  paths: Map<number, string[]>,
  say: (problem: string) => void,
): Past {
  const merged: Past = { access: new Map(), retained: new Map(), forgotten: new Set() };
  const layers = (id: Json): string | undefined => paths.get(id)?.join();
  for (const task of new Set([...ours.access.keys(), ...theirs.access.keys()])) {
    const [before, first, second] = [common, ours, theirs].map((past) =>
      past.forgotten.has(task) ? "forgotten" : past.retained.get(task),
    );
    const isSame = first === second || (layers(first) !== undefined && layers(first) === layers(second));
    const preferred = prefer === "second" ? second : first;
    const chosen = second === before || isSame ? first : first === before ? second : preferred;
    const [mine, other] = [ours.access.get(task), theirs.access.get(task)];
    const isBack =
      (first === before && first === "forgotten") || (second === before && second === "forgotten");
    const [a, b] = [mine, other].map((list) => JSON.stringify(Array.isArray(list) ? [...list].sort() : list));
    if (mine !== undefined && other !== undefined && a !== b && !isBack)
      say(`"${task}" has another access in the system that was merged`);
    merged.access.set(task, mine === undefined || (isBack && chosen === second) ? (other ?? mine) : mine);
    if (chosen === "forgotten") merged.forgotten.add(task);
    else if (typeof chosen === "number") merged.retained.set(task, chosen);
  }
  return merged;
}

/** What the lines of a journal say, each checked against the hash chain. */
function journalOf(text: string, say: (problem: string) => void) {
  const lines = text.split("\n").filter((line) => line !== "");
  const events: Json[] = [];
  let before = "0".repeat(64);
  for (const [i, line] of lines.entries()) {
    const own = sha256(line.slice(75));
    if (!line.startsWith(`{"hash":"${own}","prev":"${before}",`))
      say(`line ${i + 1} of the journal breaks the chain of hashes`);
    before = own;
    const event = JSON.parse(line);
    // A resume makes void what came after the events that it keeps.
    if (event.type === "run-resumed") events.length = Math.min(events.length, event.kept);
    else events.push(event);
  }
  const access = new Map<string, Json>();
  const retained = new Map<string, number>();
  const forgotten = new Set<string>();
  const parents = new Map<number, { parent: number; task: string }>();
  const paths = new Map<number, string[]>();
  const restore = (past: Past): void => {
    refill(access, past.access);
    refill(retained, past.retained);
    forgotten.clear();
    for (const task of past.forgotten) forgotten.add(task);
  };
  const now = (): Past => ({
    access: new Map(access),
    retained: new Map(retained),
    forgotten: new Set(forgotten),
  });
  // Moments since which another system may be merged, and the merges that are open.
  let moments: Past[] = [];
  const merging: { common: Past; ours: Past; moments: Past[] }[] = [];
  for (const event of events) {
    if (event.type === "run-merged") {
      const common = moments[event.since];
      if (!common) {
        say("a merge has no common past");
        break;
      }
      merging.push({ common, ours: now(), moments });
      moments = moments.slice(0, event.since + 1);
      restore(event.since === 0 ? { ...common, access: new Map() } : common);
    }
    if (event.type === "merge-ended") {
      const merge = merging.pop();
      if (!merge) {
        say("a merge ends that did not begin");
        break;
      }
      restore(mergedPast(merge.common, merge.ours, now(), event.prefer, paths, say));
      moments = merge.moments;
    }
    const adds = ["run-started", "run-extended", "run-merged"].includes(event.type);
    for (const task of adds ? event.tasks : []) {
      access.set(task.name, task.access);
      forgotten.delete(task.name);
    }
    if (event.type === "child-planned")
      parents.set(event.plan.child, { parent: event.plan.parent, task: event.plan.task });
    if (event.type === "child-finished" && event.outcome.result === "improved")
      paths.set(
        event.child,
        event.outcome.path.map((layer: Json) => layer.id),
      );
    if (event.type === "activation-ended" && event.retained !== null)
      retained.set(event.task, event.retained);
    if (event.type === "task-forgotten") {
      forgotten.add(event.task);
      retained.delete(event.task);
    }
    if (["root-added", "run-ended", "task-forgotten", "merge-ended"].includes(event.type))
      moments.push(now());
  }
  if (merging.length > 0) say("a merge has no end");
  return {
    access,
    retained,
    forgotten,
    paths,
    standing: () => Object.fromEntries([...access].filter(([task]) => !forgotten.has(task))),
    closure(id: number): Set<string> {
      const tasks = new Set<string>();
      for (let at = parents.get(id); at; at = parents.get(at.parent)) tasks.add(at.task);
      return tasks;
    },
  };
}

/** The tasks that trained each layer, by what its own bytes say; its name must be the hash of these bytes. */
function layerHistories(dir: string, say: (problem: string) => void): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) {
        walk(path);
        continue;
      }
      const id = /^[0-9a-f]{64}/.exec(name)?.[0];
      if (id === undefined) continue;
      const bytes = readFileSync(path);
      if (sha256(bytes) !== id) say(`layer ${id.slice(0, 8)} is damaged`);
      // safetensors: the length of the header as a 64-bit number, then the header as JSON.
      const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString("utf8"));
      const history: Json[] = JSON.parse(header.__metadata__.history);
      found.set(id, new Set(history.map(({ task }) => task)));
    }
  };
  walk(join(dir, "layers"));
  return found;
}

/** Only printable characters reach a terminal: names of tasks are somebody else's words. */
const plain = (text: string): string => text.replace(/[^\x20-\x7e\u00a1-\ufffd]/g, "?");

function main(words: readonly string[]): number {
  const option = (name: string): string | undefined => words[words.indexOf(name) + 1 || words.length];
  const [file, dir, key] = [words[0], option("--run"), option("--public-key")];
  if (file === undefined || dir === undefined || key === undefined) {
    console.error("usage: node check.js CERTIFICATE --run DIR --public-key FILE");
    return 2;
  }
  const problems = problemsOf(readFileSync(file, "utf8"), dir, readFileSync(key, "utf8"));
  for (const problem of problems) console.log(plain(`NOT OK: ${problem}`));
  if (problems.length === 0)
    console.log(
      "OK: signature, hashes, influences and access lists are as certified, and nothing is used against them.",
    );
  return problems.length === 0 ? 0 : 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = main(process.argv.slice(2));
