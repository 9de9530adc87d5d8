import { expect, test } from "vitest";
import { sweepReport } from "../../src/report/sweep.js";
import { madeUpSweep } from "../support/made-up-sweep.js";

const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  '"><script>alert(2)</script>',
  "</style></title><svg onload=alert(3)>",
];

const reportOf = (tasks: readonly string[] = ["a", "b", "c"], repetitions = 2) =>
  sweepReport({
    plan: { title: "By <hand>", repetitions: 2, variants: Array(17).fill({}) },
    points: madeUpSweep({ repetitions, scaleFactors: [0.3, 1], tasks }),
    failures: [{ name: "full_r2", message: "it <broke>" }],
  });

test("the report of a sweep has every claim, table and figure", async () => {
  const html = await reportOf();
  for (const part of [
    "muNet (s=1) is more accurate than full fine-tuning",
    "Residual adapters 512",
    "muNet Fig. 3",
    "muNet Fig. 4",
    "muNet Fig. 5",
    "muNet Fig. 6",
    "muNet Fig. 7",
    "muNet Fig. 8",
    "muNet Table 1",
    "Root: random Ti/16, 3 blocks. 3 tasks: a, b, c.",
    "not comparable",
    "30 of 34",
    "1 run failed: full_r2 (it &lt;broke&gt;)",
  ])
    expect(html).toContain(part);
}, 60_000);

test("names in it are text, and it needs nothing from anywhere", async () => {
  const html = await reportOf(HOSTILE);
  for (const whole of html.match(/<[a-z][^>]*>/gi) ?? []) {
    const tag = whole.replace(/"[^"]*"/g, '""');
    expect(tag).not.toMatch(/ (src|srcset|xlink:href|action|formaction|on[a-z]+)=/i);
    expect(tag).not.toMatch(/^<(img|iframe|link|object|embed)/i);
  }
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).toContain("<title>By &lt;hand&gt;</title>");
}, 60_000);

test("a sweep in which nothing has ended yet has a report too", async () => {
  const html = await sweepReport({
    plan: { title: "Empty", repetitions: 3, variants: [{}] },
    points: [],
    failures: [],
  });
  expect(html).toContain("0 of 3");
});
