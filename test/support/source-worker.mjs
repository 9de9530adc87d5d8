// Runs a TypeScript source file (its URL is the first argument) in a worker, so that tests need no build.
import { register } from "node:module";

register(new URL("./source-hooks.mjs", import.meta.url));
await import(process.argv[2]);
