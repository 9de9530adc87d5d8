// Saves a picture as SVG or PNG and a table as CSV, made in the page and offered as a download.

import type { PanelExports } from "../client.js";
import { button, h } from "../dom.js";

/** Buttons for what `exports` offers; the picture keeps the colours on the screen. */
export function exportMenu(exports: PanelExports, element: HTMLElement): HTMLElement {
  const { name, svg, csv } = exports;
  const label = (kind: string) => ({
    class: "mulab-button mulab-quiet",
    attributes: { "aria-label": `Save ${name} as ${kind}` },
  });
  return h(
    "span",
    { class: "mulab-exports" },
    svg
      ? button(
          "SVG",
          () => save(`${name}.svg`, new Blob([svg()], { type: "image/svg+xml" }), element),
          label("SVG"),
        )
      : null,
    svg
      ? button(
          "PNG",
          () => void png(svg()).then((blob) => blob && save(`${name}.png`, blob, element)),
          label("PNG"),
        )
      : null,
    csv
      ? button(
          "CSV",
          () => save(`${name}.csv`, new Blob(["\ufeff", csv()], { type: "text/csv" }), element),
          label("CSV"),
        )
      : null,
  );
}

/** Offers `blob` as a download named `file`; `element` is in the page. */
export function save(file: string, blob: Blob, element: HTMLElement): void {
  const url = URL.createObjectURL(blob);
  const link = h("a", { attributes: { href: url, download: file } });
  element.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The picture at twice its size; null if the browser can't draw it. */
export async function png(svg: string): Promise<Blob | null> {
  const image = new Image();
  // A data: address, so that the canvas stays readable whatever the page's policy for blobs is.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(2, 16_000 / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = h("canvas", {
    attributes: {
      width: Math.round(image.naturalWidth * scale),
      height: Math.round(image.naturalHeight * scale),
    },
  });
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
