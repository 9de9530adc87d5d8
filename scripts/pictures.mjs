// Every picture of mulab as PNG files, to look at: npm run pictures -- --run runs/first --out /tmp/pictures
// It loads TypeScript directly, so that it draws what is in the working tree; only the widgets are built.
import { register } from "node:module";

register(new URL("../test/support/source-hooks.mjs", import.meta.url));
await import("../test/support/pictures/main.ts");
