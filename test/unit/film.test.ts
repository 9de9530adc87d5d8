// A run as a film: which moments it shows, and that its file is a GIF with as many frames, all of one size.

import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { FILM_KIND, film, filmFrames } from "../../src/figures/film.js";
import { sampleRun } from "../support/sample-run.js";

const recorded = await sampleRun({ iterations: 1, generations: 2, children: 3 });
const run = { dir: "runs/first", ...recorded };

describe("the frames of a film", () => {
  it("are the ends of generations, an activation's end in the place of its last one, and the end of the run", () => {
    const frames = filmFrames(run);
    // Of three tasks with two generations each: the first generation, the activation's end; then the run's end.
    expect(
      frames.map(({ run: { state } }) => [state.models.length - 1, Object.keys(state.retained).length]),
    ).toEqual([
      [3, 0],
      [6, 1],
      [9, 1],
      [12, 2],
      [15, 2],
      [18, 3],
      [18, 3],
    ]);
    expect(frames[0]!.caption.replaceAll("\u202f", " ")).toMatch(
      /^bangla, iteration 1, generation 1 · best [\d.]+ % · 3 children$/,
    );
    expect(frames.at(-1)!.caption).toBe("the end: 18 children");
    expect(frames.at(-1)!.run.status).toBe("ended");
  });

  it("are spread evenly over a longer run, with the last among them", () => {
    const children = filmFrames(run, 3).map(({ run: { state } }) => state.models.length - 1);
    expect(children).toEqual([6, 15, 18]);
    expect(filmFrames(run, 1)).toHaveLength(1);
    expect(filmFrames({ ...run, events: [] })).toEqual([]);
  });
});

it("is an animated GIF that mulab knows again, and stills of the same size", async () => {
  const { gif, stills, captions } = await film(run, { frames: 3, views: ["lineage", "transfer"] });
  expect(captions).toHaveLength(3);
  const about = await sharp(gif, { animated: true }).metadata();
  expect([about.format, about.pages, about.loop, about.delay!.at(-1)]).toEqual(["gif", 3, 0, 3000]);
  for (const still of stills) {
    const { width, height } = await sharp(still).metadata();
    expect([width, height]).toEqual([about.width, about.pageHeight]);
  }
  expect(new Set(stills.map((still) => Buffer.from(still).toString("base64"))).size).toBe(3); // something moves
  expect(FILM_KIND.recognise(gif)).toBe(true);
  expect(FILM_KIND.recognise(Buffer.from("GIF89a of somebody else"))).toBe(false);
});

it("knows its views", () =>
  expect(film(run, { views: ["linage" as never] })).rejects.toThrow('did you mean "lineage"?'));
