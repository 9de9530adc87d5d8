/**
 * A notebook as nbconvert should see it, so that its page has a picture wherever the notebook has one.
 *
 * nbconvert prefers a widget to any picture beside it, and a script to any text, whether the page can show them or not: a
 * widget whose state was not saved, or saved by Colab in a shape of its own, or of a package that is not in the page, becomes
 * a white gap. Here such an output keeps what can be shown, with a line that says what is missing; and a widget that can be
 * shown keeps its still picture below it, which the page's script takes away once the view is there.
 */
import { escapeHtml } from "./display.js";

const VIEW = "application/vnd.jupyter.widget-view+json";
const STATE = "application/vnd.jupyter.widget-state+json";
const SCRIPT = "application/javascript";
const SVG = "image/svg+xml";
/** What nbconvert's page shows of an output, the best first. */
const SHOWABLE = [
  "text/html",
  "text/markdown",
  "image/svg+xml",
  "text/latex",
  "image/png",
  "image/jpeg",
  "text/plain",
] as const;
const PICTURES = ["text/html", "image/svg+xml", "image/png", "image/jpeg"] as const;
/** The package whose widgets the page can show. */
const OURS = "mulab";

type Json = Record<string, unknown>;

export interface Prepared {
  readonly notebook: Json;
  /** Widgets that are shown from their state. */
  readonly live: number;
  /** Outputs that lost a part that the page can't show: to a picture or text, or to a line of words alone. */
  readonly still: number;
  readonly lost: number;
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const textOf = (part: unknown): string => (Array.isArray(part) ? part.join("") : String(part));

/** `content`, a notebook of format 4 as read from its file; what is not of that form is left to nbconvert. */
export function preparedNotebook(content: Json): Prepared {
  const models = savedModels(content.metadata);
  const counts = { live: 0, still: 0, lost: 0 };
  const cells = Array.isArray(content.cells) ? content.cells : [];
  const prepared = cells.map((cell: unknown) =>
    isObject(cell) && Array.isArray(cell.outputs)
      ? {
          ...cell,
          outputs: cell.outputs.flatMap((output) => preparedOutputs(output, models, counts)).map(drawn),
        }
      : cell,
  );
  const metadata = isObject(content.metadata) ? { ...content.metadata } : {};
  delete metadata.widgets;
  if (models.size > 0)
    metadata.widgets = {
      [STATE]: { version_major: 2, version_minor: 0, state: Object.fromEntries(models) },
    };
  return {
    notebook: { ...content, ...(content.cells !== undefined && { cells: prepared }), metadata },
    ...counts,
  };
}

/** The models that the notebook has the state of, by id. Jupyter keeps them under "state", Colab without; older ones elsewhere. */
function savedModels(metadata: unknown): ReadonlyMap<string, Json> {
  const widgets = isObject(metadata) && isObject(metadata.widgets) ? metadata.widgets : {};
  const kept = isObject(widgets[STATE]) ? widgets[STATE] : widgets;
  const all = isObject(kept.state) && !isModel(kept.state) ? kept.state : kept;
  return new Map(Object.entries(all).filter((entry): entry is [string, Json] => isModel(entry[1])));
}

const isModel = (value: unknown): value is Json =>
  isObject(value) && typeof value.model_name === "string" && isObject(value.state);

/** Whether the page can show the widget `id`: it is one of ours, and everything that it refers to is in the notebook. */
function isShowable(id: unknown, models: ReadonlyMap<string, Json>, above: readonly string[] = []): boolean {
  const model = typeof id === "string" ? models.get(id) : undefined;
  if (!model) return false;
  if (above.length === 0 && model.model_module !== OURS) return false;
  if (above.includes(id as string)) return true;
  const named = JSON.stringify(model.state).matchAll(/"IPY_MODEL_([^"]+)"/g);
  return [...named].every(([, other]) => isShowable(other, models, [...above, id as string]));
}

function preparedOutputs(
  output: unknown,
  models: ReadonlyMap<string, Json>,
  counts: { live: number; still: number; lost: number },
): unknown[] {
  if (!isObject(output) || !isObject(output.data)) return [output];
  const { [VIEW]: view, [SCRIPT]: script, ...rest } = output.data;
  const shown = SHOWABLE.filter((mime) => rest[mime] !== undefined);
  if (view !== undefined) {
    const id = isObject(view) ? view.model_id : undefined;
    if (isShowable(id, models)) {
      counts.live++;
      const picture = PICTURES.find((mime) => rest[mime] !== undefined);
      return picture === undefined ? [output] : [output, stillOf(id as string, picture, rest[picture])];
    }
    return shown.length > 0 ? [{ ...output, data: rest }, said("still")] : [said("lost")];
  }
  if (script !== undefined) return shown.length > 0 ? [{ ...output, data: rest }] : [said("script")];
  return shown.length > 0 || Object.keys(rest).length === 0 ? [output] : [said("unknown", Object.keys(rest))];

  function said(what: keyof typeof WORDS, types: readonly string[] = []): Json {
    counts[what === "still" ? "still" : "lost"]++;
    const text = escapeHtml([WORDS[what], ...types].join(" "));
    return displayed(`<p style="opacity:.7">${text}</p>`);
  }
}

const WORDS = {
  still: "A still picture: the notebook has no saved state that this page could show the widget from.",
  lost: "A widget was here. The notebook has neither its state nor a picture of it; run the cell again and save the notebook.",
  script: "A script was here. This page runs none but mulab's.",
  unknown: "An output was here that this page can't show:",
} as const;

/**
 * `output` with a drawing as an image in HTML: nbconvert 6 takes every line out of an SVG, and its numbers stay behind in a
 * white gap.
 */
function drawn(output: unknown): unknown {
  if (!isObject(output) || !isObject(output.data)) return output;
  const { [SVG]: drawing, ...rest } = output.data;
  if (drawing === undefined || rest["text/html"] !== undefined || rest[VIEW] !== undefined) return output;
  const bytes = Buffer.from(textOf(drawing)).toString("base64");
  const text = rest["text/plain"] === undefined ? "" : textOf(rest["text/plain"]).slice(0, MOST_ALT);
  const html = `<img alt="${escapeHtml(text)}" src="data:${SVG};base64,${bytes}">`;
  return { ...output, data: { ...rest, "text/html": html } };
}

/** Most characters of the words for a picture. */
const MOST_ALT = 1_000;

/** The picture of the widget `id`, shown until its view is ready. */
function stillOf(id: string, mime: (typeof PICTURES)[number], part: unknown): Json {
  const picture =
    mime.startsWith("image/") && mime !== SVG
      ? `<img src="data:${mime};base64,${escapeHtml(textOf(part).replaceAll(/\s/g, ""))}">`
      : textOf(part);
  return displayed(`<div data-mulab-still="${escapeHtml(id)}">${picture}</div>`);
}

const displayed = (html: string): Json => ({
  output_type: "display_data",
  metadata: {},
  data: { "text/html": html },
});
