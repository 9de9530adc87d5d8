import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Experiment } from "../../src/core/experiment.js";
import { emptyState, foldEvents, type State } from "../../src/core/state.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { report } from "../../src/report/report.js";
import { fixedEvents, fixedState, type TaskNames } from "../support/fixed-state.js";
import { sampleExperiment, sampleRun } from "../support/sample-run.js";

const HOSTILE: TaskNames = [
  "<img src=x onerror=alert(1)>",
  '"><script>alert(2)</script>',
  "</script></style></title><svg onload=alert(3)>",
];

const reportOf = (names?: TaskNames) => {
  const tasks = (names ?? ["a", "b", "c"]).map((name, i) => ({
    name,
    access: i === 2 ? ("private" as const) : ("public" as const),
  }));
  return report({
    state: fixedState(names),
    events: fixedEvents(names),
    experiment: { ...sampleExperiment({ seed: 3, tasks }), title: names?.[1] ?? "By hand" },
    wallMs: 18_000,
    trainMs: 16_000,
    digest: "d".repeat(64),
    resumes: 2,
    header: { versions: { mulab: "0.1.0" }, device: "cpu" },
  });
};

const tagsOf = (html: string) => html.match(/<[a-z][^>]*>/gi) ?? [];

test("the report is the same every time", async () => {
  expect(await reportOf()).toBe(await reportOf());
});

test("it says what was evolved, on what, with what result, and how", async () => {
  const html = (await reportOf()).replaceAll("\u202f", " ");
  expect(html).toContain(
    "<h1>One multitask network for 3 tasks, evolved over 6 children, reaches 70.0 % on a, 80.0 % on b and 87.5 % on c.</h1>",
  );
  for (const part of [
    "Results",
    "Architecture",
    "Lineage",
    "Accuracy over time",
    "Knowledge transfer",
    "How it was run",
    "resumed 2 times",
    "d".repeat(64),
    "mulab 0.1.0",
    "arxiv.org/abs/2205.12755",
  ])
    expect(html).toContain(part);
});

test("it needs nothing: no source, no sheet, no font, no address but the papers' links", async () => {
  const html = await reportOf();
  for (const tag of tagsOf(html)) {
    expect(tag).not.toMatch(/ (src|srcset|xlink:href|action|formaction|style|on[a-z]+)=/i);
    if (/ href=/.test(tag)) expect(tag).toMatch(/^<a href="https:\/\/arxiv\.org\/abs\/[\d.]+">$/);
    expect(tag).not.toMatch(/^<(link|img|iframe|object|embed|base|form|image|use|foreignObject)\b/i);
  }
  expect(html).not.toMatch(/url\((?!#)/);
  expect(html).not.toMatch(/@import/);
});

test("its policy forbids everything but its own style and script, by their hashes", async () => {
  const html = await reportOf();
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!.replaceAll("&#39;", "'");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain("unsafe");
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const styles = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map((match) => match[1]!);
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1]!);
  expect(styles.map(hash)).toEqual([/style-src ('[^']*')/.exec(policy)![1]]);
  expect(scripts.map(hash)).toEqual([/script-src ('[^']*')/.exec(policy)![1]]);
});

test("whatever tasks are called, they stay text", async () => {
  const html = await reportOf(HOSTILE);
  const plain = await reportOf();
  const kinds = (text: string) => new Set(tagsOf(text).map((tag) => /^<([a-z\d]+)/i.exec(tag)![1]));
  expect([...kinds(html)].filter((kind) => !kinds(plain).has(kind))).toEqual([]);
  expect(html).not.toContain("<img");
  expect(html.match(/<script/g)).toHaveLength(plain.match(/<script/g)!.length);
  expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
  const data = /id="model-data">([\s\S]*?)<\/script>/.exec(html)![1]!;
  expect(JSON.parse(data)[6].title).toBe(`Model 6 for ${HOSTILE[2]}`);
});

test("no name rearranges the words around it", async () => {
  const html = await reportOf(["a\u202eb", "\u2067c", "d\u200f"]);
  expect(html).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  expect(html).toContain("a\ufffdb");
});

test("line ends and control characters in the names of an older run spoil no chart", async () => {
  const html = await reportOf(["one\u2028line", "two\u0001\u2029", "three\u0000"]);
  expect(html).toContain("Knowledge transfer");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(html).not.toMatch(/[\u0000-\u0008]/);
  expect(html).toContain("one line");
});

test("it gives a command only where that would make the same run", async () => {
  const experiment = preliminary({ seed: 3, budget: "smoke" });
  const again = async (changes: Partial<Experiment>, state: Partial<State> = {}) => {
    const text = await report({
      state: { ...fixedState(), ...state },
      events: fixedEvents(),
      experiment: { ...experiment, ...changes },
    });
    return /<dt>again<\/dt><dd>([\s\S]*?)<\/dd>/.exec(text)![1]!;
  };
  expect(await again({})).toContain("<code>mulab run preliminary --seed 3 --budget smoke</code>");
  for (const other of [
    await again({ generations: 3 }),
    await again({ tasks: experiment.tasks.slice(1) }),
    await again({ name: "my-own" }),
    await again({}, { ended: false }),
    await again({}, { forgotten: ["a"] }),
    await again({}, { extension: ["a"] }),
  ]) {
    expect(other).not.toContain("mulab run");
    expect(other).toContain("<code>run.json</code>");
  }
});

test("a run that has only begun has a report too", async () => {
  const experiment = sampleExperiment();
  const html = await report({ state: emptyState, events: [], experiment });
  expect(html).toContain("none of them retained yet");
  for (let n = 1; n < 12; n += 3) {
    const events = fixedEvents().slice(0, n);
    expect(await report({ state: foldEvents(events), events, experiment })).toContain("not ended yet");
  }
});

test("every child that is shown has its details, with where its layers come from", async () => {
  const { state, events, experiment } = await sampleRun({ failing: 9 });
  const html = await report({ state, events, experiment });
  const details = JSON.parse(/id="model-data">([\s\S]*?)<\/script>/.exec(html)![1]!);
  expect(Object.keys(details)).toHaveLength(state.models.length);
  expect(details[9].facts).toContainEqual(["fate", "failed"]);
  const discarded = state.models.find(({ status }) => status === "discarded")!;
  expect(details[discarded.id].layers.length).toBeGreaterThan(4);
});
