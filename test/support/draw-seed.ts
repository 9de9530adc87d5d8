// The drawn tests try the same cases every time, so that a run can be repeated; `npm run fuzz` tries new ones. Either way a
// failure prints the seed that repeats it.

import fc from "fast-check";

const { MULAB_DRAW_SEED } = process.env;
const seed = MULAB_DRAW_SEED === "new" ? Math.floor(Math.random() * 2 ** 31) : Number(MULAB_DRAW_SEED ?? 1);
fc.configureGlobal({ seed });
