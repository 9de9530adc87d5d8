// Certificates: what they say of a run, and the independent checker, which must find every planted violation.

import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Envelope,
  type Predicate,
  type Statement,
  signed,
  statementOf,
} from "../../src/certificate/certificate.js";
import { problemsOf } from "../../src/certificate/check.js";
import { publicKeyOf, signingKey } from "../../src/certificate/key.js";
import { certifyCommand } from "../../src/commands/certify.js";
import { extend } from "../../src/run/extend.js";
import { forget } from "../../src/run/forget.js";
import { open } from "../../src/run/open.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const { privateKey: key } = generateKeyPairSync("ed25519");
const access = { one: "public", two: ["three"], three: "public", secret: "private" } as const;
const names = Object.keys(access) as (keyof typeof access)[];
const options = { tasks: names.map((name) => tinyTask(name, access[name])), trainer: fakeTrainer };

let dir: string;
let statement: Statement;

beforeAll(async () => {
  dir = join(newFolder(), "run");
  const tasks = names.map((name) => ({ name, access: access[name] }));
  await (await open(dir, tinyExperiment({ tasks, seed: 2 }), options)).done();
  await (
    await extend(dir, { tasks: ["three", tinyTask("late")], iterations: 1, settings: { seed: 3 } }, options)
  ).done();
  statement = await statementOf(dir);
});

const check = (envelope: Envelope, at = dir, by = key): string[] =>
  problemsOf(JSON.stringify(envelope), at, publicKeyOf(by));

/** The problems of a certificate that its own signer has changed. */
const told = (change: (predicate: Predicate) => Predicate): string[] =>
  check(signed({ ...statement, predicate: change(statement.predicate) }, key));

describe("a certificate", () => {
  it("names for every model the tasks of all its ancestors, and holds", () => {
    expect(check(signed(statement, key))).toEqual([]);
    const by = Object.fromEntries(
      statement.predicate.models.map((model) => [model.task, model.influencedBy]),
    );
    expect(Object.keys(by).sort()).toEqual(["late", "one", "secret", "three", "two"]);
    for (const [task, influences] of Object.entries(by)) {
      expect(influences).toContain(task);
      if (task !== "secret") expect(influences).not.toContain("secret");
      if (task !== "two" && task !== "three") expect(influences).not.toContain("two");
    }
  });

  it("is an in-toto statement in a DSSE envelope", () => {
    const envelope = signed(statement, key);
    expect(envelope.payloadType).toBe("application/vnd.in-toto+json");
    const payload = JSON.parse(Buffer.from(envelope.payload, "base64").toString());
    expect(payload).toMatchObject({ _type: "https://in-toto.io/Statement/v1", subject: expect.any(Array) });
    expect(payload.subject[0].digest.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, RegExp, (predicate: Predicate) => Predicate]>([
    [
      "an influence left out",
      /was influenced by "\w+", which is not certified/,
      (p) => ({
        ...p,
        models: p.models.map((m) => ({
          ...m,
          influencedBy: m.influencedBy.filter((task) => task === m.task),
        })),
      }),
    ],
    [
      "an influence made up",
      /certified as influenced by "secret", and was not/,
      (p) => ({
        ...p,
        models: p.models.map((m) => ({ ...m, influencedBy: [...new Set([...m.influencedBy, "secret"])] })),
      }),
    ],
    [
      "a private task as public",
      /access lists are not those/,
      (p) => ({ ...p, access: { ...p.access, secret: "public" } }),
    ],
    ["a model left out", /is not certified/, (p) => ({ ...p, models: p.models.slice(1) })],
    [
      "a model that is not there",
      /that the run does not have/,
      (p) => ({ ...p, models: [...p.models, { ...p.models[0]!, task: "other" }] }),
    ],
    ["another model", /is \d+, not 1/, (p) => ({ ...p, models: p.models.map((m) => ({ ...m, model: 1 })) })],
    [
      "other layers",
      /layers of the model of "\w+" are not those/,
      (p) => ({ ...p, models: p.models.map((m) => ({ ...m, layers: m.layers.slice(1) })) }),
    ],
    [
      "a root trained on something",
      /root was trained on null, not on one/,
      (p) => ({ ...p, root: { ...p.root, trainedOn: "one" } }),
    ],
    [
      "a shorter journal",
      /journal is not the certified one/,
      (p) => ({ ...p, run: { ...p.run, bytes: p.run.bytes - 10 } }),
    ],
  ])("that its signer changed is found out: %s", (_, problem, change) => {
    expect(told(change).join("\n")).toMatch(problem);
  });

  it("is worth nothing by another key, or with another payload", () => {
    const other = generateKeyPairSync("ed25519").privateKey;
    expect(check(signed(statement, key), dir, other)).toEqual([expect.stringContaining("signature")]);
    const envelope = signed(statement, key);
    const { predicate, ...rest } = statement;
    const payload = Buffer.from(JSON.stringify({ ...rest, predicate: { ...predicate, forgotten: ["x"] } }));
    expect(check({ ...envelope, payload: payload.toString("base64") })[0]).toContain("signature");
    expect(check({ ...envelope, signatures: [] })[0]).toContain("signature");
    // A signature over the bare payload is not one over DSSE's encoding.
    const bare = sign(null, Buffer.from(envelope.payload, "base64"), key).toString("base64");
    expect(check({ ...envelope, signatures: [{ keyid: "", sig: bare }] })[0]).toContain("signature");
  });

  it("no longer holds when any byte of the run has changed", () => {
    const envelope = signed(statement, key);
    const files = statement.subject.map(({ name }) => name);
    const copy = join(newFolder(), "copy");
    cpSync(dir, copy, { recursive: true });
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...files), place, fc.integer({ min: 1, max: 255 }), (file, at, flip) => {
        const sound = readFileSync(join(copy, file));
        const bytes = Buffer.from(sound);
        const i = Math.min(bytes.length - 1, Math.floor(at * bytes.length));
        bytes[i] = bytes[i]! ^ flip;
        writeFileSync(join(copy, file), bytes);
        expect(check(envelope, copy)).not.toEqual([]);
        writeFileSync(join(copy, file), sound);
      }),
      { numRuns: 60 },
    );
    expect(check(envelope, copy)).toEqual([]);
  });

  it("does not hold for a model whose journal lets it read what it may not, though every hash is right", async () => {
    // The same run, with an access list that its models break: nobody but the checker has looked at it.
    const copy = join(newFolder(), "copy");
    cpSync(dir, copy, { recursive: true });
    const source = statement.predicate.models
      .flatMap(({ task, influencedBy }) => influencedBy.filter((other) => other !== task))
      .at(0)!;
    expect(source).toBeDefined();
    const lines = (await readFile(join(copy, "events.jsonl"), "utf8")).trimEnd().split("\n");
    let before = "0".repeat(64);
    const forged = lines.map((line) => {
      const { hash: _, prev: __, ...event } = JSON.parse(line);
      for (const task of event.tasks ?? []) if (task.name === source) task.access = "private";
      const hashed = `"prev":"${before}",${JSON.stringify(event).slice(1)}`;
      before = createHash("sha256").update(hashed).digest("hex");
      return `{"hash":"${before}",${hashed}\n`;
    });
    const text = forged.join("");
    writeFileSync(join(copy, "events.jsonl"), text);
    const { predicate, subject } = statement;
    const honest = signed(
      {
        ...statement,
        subject: subject.map((each) =>
          each.name === "events.jsonl"
            ? { ...each, digest: { sha256: createHash("sha256").update(text).digest("hex") } }
            : each,
        ),
        predicate: {
          ...predicate,
          access: { ...predicate.access, [source]: "private" },
          run: { ...predicate.run, bytes: Buffer.byteLength(text) },
        },
      },
      key,
    );
    expect(check(honest, copy)).toEqual(
      expect.arrayContaining([
        expect.stringContaining(`was influenced by "${source}", which does not let it`),
      ]),
    );
  });

  it("proves that nothing is left of a private task that was forgotten", async () => {
    const copy = join(newFolder(), "copy");
    cpSync(dir, copy, { recursive: true });
    await forget(copy, "secret");
    const after = signed(await statementOf(copy), key);
    expect(check(after, copy)).toEqual([]);
    // A layer of it that somebody kept is found.
    const secret = statement.predicate.models.find(({ task }) => task === "secret")!;
    const left = statement.subject.find(({ digest }) => secret.layers.at(-1) === digest.sha256)!;
    cpSync(join(dir, left.name), join(copy, left.name));
    expect(check(after, copy)).toEqual([
      expect.stringContaining('was trained on "secret", which was forgotten'),
    ]);
  });

  it("is checked by a file that needs nothing but Node", async () => {
    const text = await readFile(new URL("../../src/certificate/check.ts", import.meta.url), "utf8");
    const imports = [...text.matchAll(/from "([^"]+)"/g)].map(([, name]) => name);
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((name) => !name!.startsWith("node:"))).toEqual([]);
  });
});

describe("the signing key", () => {
  it("is not made where the certificate can't be written, and nothing else is", async () => {
    const folder = newFolder();
    const [out, key] = [join(folder, "notes.txt"), join(folder, "key.pem")];
    writeFileSync(out, "mine");
    await expect(certifyCommand(dir, { out, key })).rejects.toMatchObject({ code: "store/not-ours" });
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
    expect(readFileSync(out, "utf8")).toBe("mine");
  });

  it("is made once, for its owner only, and never replaced", async () => {
    const file = join(newFolder(), "deep", "key.pem");
    const first = await signingKey(file);
    expect(first.isNew).toBe(true);
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = await signingKey(file);
    expect(second.isNew).toBe(false);
    expect(publicKeyOf(second.key)).toBe(publicKeyOf(first.key));
    writeFileSync(file, "no key");
    await expect(signingKey(file)).rejects.toThrow("it holds no private key");
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
    writeFileSync(file, rsa.export({ type: "pkcs8", format: "pem" }));
    await expect(signingKey(file)).rejects.toThrow("it holds a key of type rsa");
  });
});
