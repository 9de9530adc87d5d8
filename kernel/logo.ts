/** The kernel's logo, a small lineage tree, from the files in `kernel/icons`. Jupyter wants 32 and 64 pixels, and SVG. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ownPackage } from "./compiler/resolve.js";

const file = (name: string): Buffer => readFileSync(join(ownPackage().root, "kernel", "icons", name));

export const logoSvg = (): Buffer => file("logo-svg.svg");
export const logoPng = (size: 32 | 64): Buffer => file(`logo-${size}x${size}.png`);
