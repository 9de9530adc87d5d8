// The progress of a run, and its pause, resume and stop buttons. If the kernel does not answer, it says so: what it shows
// then is the last known state.

import { shareDone } from "../../src/analysis/progress.js";
import { taskPaint } from "../../src/figures/scenes/palette.js";
import { progressScene } from "../../src/figures/scenes/progress.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import { accessText, restriction } from "../../src/format/access.js";
import { formatCount, formatDuration, formatPercent, plural } from "../../src/format/numbers.js";
import { type Model, type State, standingTasks } from "../../src/wire/browser.js";
import { type Panel, pictured, type RunClient, type SeenStatus } from "../client.js";
import { progressCsv } from "../csv.js";
import { button, h, nameText, setAttributes, setText } from "../dom.js";
import { swatch } from "../task-name.js";
import { themeOf } from "../theme.js";

/** Seconds without a sign of life after which silence is reported; a live kernel gives one every 5. */
const SILENCE = 12;

export const STATUS_WORDS: Record<SeenStatus, string> = {
  running: "Running",
  paused: "Paused",
  stopped: "Stopped",
  ended: "Finished",
  failed: "Failed",
  gone: "Kernel gone",
};

/** What the status means for the reader. */
function statusNote(run: RunClient): string {
  switch (run.status) {
    case "running":
      return run.silence > SILENCE
        ? `No answer for ${formatDuration(run.silence)}: the kernel is busy with something else, or dead.`
        : "";
    case "paused":
      if (run.isPausing) return "The cycle in progress is completed first.";
      return "The cycle in progress was completed; nothing is lost.";
    case "stopped":
      return "Everything that was kept is on the disk. Open the run again to continue.";
    case "ended":
      return "";
    case "failed":
      return run.failure ?? "The run failed.";
    case "gone":
      return "This is the last known state. Open the run again to continue from its last generation.";
  }
  return run.status satisfies never;
}

export function progressPanel(run: RunClient): Panel {
  const title = h("h3", { class: "mulab-title" });
  const subtitle = h("span", { class: "mulab-muted" });
  const pill = h("span", { class: "mulab-pill", attributes: { role: "status" } });
  const note = h("p", { class: "mulab-note", attributes: { role: "status" } });
  const bar = h("div", { class: "mulab-bar-fill" });
  const track = h(
    "div",
    { class: "mulab-bar", attributes: { role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100 } },
    bar,
  );
  const facts = h("dl", { class: "mulab-facts" });
  const best = h("ul", {
    class: "mulab-best",
    attributes: { "aria-label": "Best validation accuracy by task" },
  });
  const pause = button("Pause", () => run.command(run.status === "paused" ? "resume" : "pause"), {
    class: "mulab-button",
  });
  const stop = button("Stop", () => question.ask(), {
    class: "mulab-button",
    title: "End the run; everything that was kept stays on the disk",
  });
  const question = stopQuestion(stop, () => run.command("stop"));

  const element = h(
    "section",
    { class: "mulab-progress", attributes: { "aria-label": "Progress" } },
    h(
      "header",
      { class: "mulab-head" },
      h("div", { class: "mulab-names" }, title, subtitle),
      pill,
      h("div", { class: "mulab-buttons" }, pause, stop),
    ),
    question.element,
    track,
    note,
    facts,
    best,
  );

  function update(): void {
    const { head, progress, state, status } = run;
    setText(title, head?.experiment.title ?? "Run");
    setText(
      subtitle,
      head
        ? `${head.dir} · ${head.method.label.curve} · seed ${head.experiment.seed} · ${head.experiment.budget} budget`
        : "",
    );
    setText(pill, run.isPausing ? "Pausing…" : STATUS_WORDS[status]);
    pill.dataset.status = status;
    const remark = statusNote(run);
    setText(note, remark);
    note.hidden = remark === "";
    note.dataset.status = status;
    const canAct = run.isConnected && (status === "running" || status === "paused");
    setText(pause, status === "paused" ? "Resume" : "Pause");
    pause.disabled = !canAct;
    stop.disabled = !canAct;
    if (!canAct) question.element.hidden = true;
    if (!progress) return;
    const share = progress.phase === "ended" ? 1 : shareDone({ ...progress, samples: [], firstChild: 0 });
    bar.style.width = `${(100 * share).toFixed(2)}%`;
    bar.className = "mulab-bar-fill";
    bar.dataset.status = status;
    const words = `${plural(progress.childrenDone, "child", "children")} of ${formatCount(progress.childrenTotal)}`;
    setAttributes(track, {
      "aria-valuenow": Math.round(100 * share),
      "aria-valuetext": words,
      "aria-label": "Children trained",
    });
    facts.replaceChildren(...factsOf(run).flatMap(([name, value, paint]) => fact(name, value, paint)));
    best.replaceChildren(...bestOf(state, progress.best));
  }

  // Silence grows without messages.
  const clock = setInterval(() => {
    if (run.status === "running" && run.silence > SILENCE) update();
  }, 2000);
  return {
    element,
    update,
    dispose: () => clearInterval(clock),
    exports: {
      name: "progress",
      picture: "progress",
      svg: () => toSvg(progressScene(pictured([run])[0]!), { colors: themeOf(element) }),
      csv: () => progressCsv(run),
    },
  };
}

/** Asks whether to stop; the focus moves to the harmless answer, and back to `stop`. */
function stopQuestion(stop: HTMLElement, finish: () => void) {
  const open = (isOpen: boolean) => {
    element.hidden = !isOpen;
    (isOpen ? keep : stop).focus({ preventScroll: true });
  };
  const keep = button("Don't stop", () => open(false), { class: "mulab-button" });
  const sure = button(
    "Stop now",
    () => {
      element.hidden = true;
      finish();
    },
    { class: "mulab-button mulab-strong" },
  );
  const element = h(
    "div",
    {
      class: "mulab-tools mulab-ask",
      attributes: { role: "alertdialog", "aria-label": "Stop the run?", hidden: true },
      on: {
        keydown: (event: KeyboardEvent) => {
          if (event.key !== "Escape") return;
          open(false);
          event.stopPropagation();
        },
      },
    },
    h("span", {
      text: "Stop the run? The generation in flight is lost; everything before it stays on the disk.",
    }),
    sure,
    keep,
  );
  return { element, ask: () => open(true) };
}

type Fact = [name: string, value: string, task?: string];

function factsOf({ progress: p, status, head, state }: RunClient): Fact[] {
  if (!p || !head) return [];
  const failed = state.models.reduce((count, model) => count + (model.status === "failed" ? 1 : 0), 0);
  const children: Fact[] = [
    ["Children", `${formatCount(p.childrenDone)} of ${formatCount(p.childrenTotal)}`],
    ...(failed > 0 ? [["Failed", formatCount(failed)] as Fact] : []),
  ];
  if (p.phase === "ended" || status === "ended")
    return [...children, ["Examples seen", formatCount(p.examplesDone)]];
  const isMoving = status === "running";
  const training = isMoving
    ? state.models.reduce((count, model) => count + (model.status === "training" ? 1 : 0), 0)
    : 0;
  return [
    [
      "Task",
      p.task ?? "–",
      taskPaint(
        state.tasks.map(({ name }) => name),
        p.task,
      ),
    ],
    ["Iteration", `${p.iteration} of ${p.iterations}`],
    [
      "Generation",
      `${p.generation} of ${p.generations}${training > 0 ? `, ${plural(training, "child", "children")} training` : ""}`,
    ],
    ...(p.phase === "testing"
      ? [["Doing", "testing the retained models"] as Fact]
      : ([
          ["Child", `${p.child} of ${p.children}`],
          ["Cycle", `${p.cycle} of ${p.cycles}`],
        ] as Fact[])),
    ...children,
    ["Examples/s", isMoving && p.examplesPerSecond ? formatCount(p.examplesPerSecond) : "–"],
    ["Time left", isMoving ? (p.etaSeconds === null ? "–" : `about ${formatDuration(p.etaSeconds)}`) : "–"],
  ];
}

const fact = (name: string, value: string, paint?: string): HTMLElement[] => [
  h(
    "div",
    {},
    h("dt", { text: name }),
    h("dd", { title: value }, ...(paint ? [swatch(paint), nameText(value)] : [value])),
  ),
];

function bestOf(state: State, best: Readonly<Record<string, number>>): HTMLElement[] {
  const names = state.tasks.map(({ name }) => name);
  return standingTasks(state).map(({ name, access }) => {
    const model = state.models.get(state.retained[name] ?? -1);
    const accuracy = best[name] ?? null;
    return h(
      "li",
      {},
      swatch(taskPaint(names, name)),
      nameText(name),
      restriction(access) === null ? null : h("span", { class: "mulab-private", text: accessText(access) }),
      h("strong", { text: formatPercent(accuracy) }),
      testOf(model, accuracy),
    );
  });
}

/** The test accuracy of the task's model, with its validation accuracy if another model holds the best so far. */
function testOf(model: Model | undefined, best: number | null): HTMLElement | null {
  if (model?.testAccuracy == null) return null;
  const test = `test ${formatPercent(model.testAccuracy)}`;
  const isBest = best === null || model.accuracy === best;
  return h("span", {
    class: "mulab-muted",
    text: isBest ? test : `best · ${formatPercent(model.accuracy)} kept, ${test}`,
  });
}
