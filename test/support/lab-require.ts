// What the end-to-end tests need of the machine, and what happens where it is missing: on a person's machine they
// are skipped with a banner that says what to install; in CI, or with MULAB_REQUIRE_E2E=1, they fail.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromiumPath } from "./chromium.js";

/** Debian's interpreter: `python3` on the PATH may be another one, without Jupyter. */
export const PYTHON = process.env.MULAB_PYTHON ?? "/usr/bin/python3";

const SETUP = fileURLToPath(new URL("../lab/setup.mjs", import.meta.url));

/** True when nothing is missing. Otherwise says so loudly and returns false, or throws where skipping is no option. */
export function requireOrSkip(what: string, missing: readonly string[]): boolean {
  if (missing.length === 0) return true;
  const list = [...new Set(missing)].map((each) => `  - ${each}`).join("\n");
  if (process.env.MULAB_REQUIRE_E2E === "1" || (process.env.CI ?? "") !== "") {
    throw new Error(`${what} cannot be tested here, and must be (CI or MULAB_REQUIRE_E2E=1):\n${list}`);
  }
  const line = "!".repeat(80);
  process.stderr.write(`\n${line}\nSKIPPED, NOT TESTED: ${what}\nMissing:\n${list}\n${line}\n\n`);
  return false;
}

/** Names those of `modules` that Debian's Python lacks, each with the Debian package that holds it. */
export function missingPython(modules: Readonly<Record<string, string>>): string[] {
  if (!existsSync(PYTHON)) return [`${PYTHON} (apt-get install python3; or set MULAB_PYTHON)`];
  return Object.entries(modules)
    .filter(([module]) => spawnSync(PYTHON, ["-c", `import ${module}`], { stdio: "ignore" }).status !== 0)
    .map(([module, debianPackage]) => `Python module ${module} (apt-get install ${debianPackage})`);
}

/** Makes the front end ready (installs and builds it at need, minutes the first time) and returns what is missing.
 *  Call it at the top level of a test file, with `await`: no test's time limit runs there. */
export async function prepareLab(): Promise<string[]> {
  const missing = missingPython({ jupyterlab_server: "python3-jupyterlab-server" });
  if (chromiumPath() === undefined)
    missing.push("Chromium (apt-get install chromium; or set MULAB_CHROMIUM)");
  if (missing.length > 0) return missing;
  const setup = spawn(process.execPath, [SETUP], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  setup.stdout.on("data", (chunk) => {
    output += chunk;
    process.stderr.write(chunk); // minutes, the first time: whoever waits should see why
  });
  setup.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const [code] = await once(setup, "close");
  return code === 0 ? [] : [`the front end of test/lab (node test/lab/setup.mjs says: ${output.trim()})`];
}
