/** Jupyter's own test suite for kernels, where Debian's python3-jupyter-kernel-test is installed, on a kernel installed as a user would. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { REPOSITORY } from "../support/jupyter-kernel.js";
import { installed } from "../support/tarball.js";

const PYTHON = "/usr/bin/python3"; // the one for which Debian installs; another may be first on the PATH

function hasSuite(): boolean {
  try {
    execFileSync(PYTHON, ["-c", "import jupyter_kernel_test"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

it.skipIf(!hasSuite())("passes jupyter_kernel_test with every optional feature switched on", async () => {
  const prefix = mkdtempSync(join(tmpdir(), "mulab-prefix-"));
  const { installKernel } = (await import(
    join(installed(), "dist/kernel/install.js")
  )) as typeof import("../../kernel/install.js");
  installKernel({ kind: "prefix", folder: prefix });
  const suite = join(REPOSITORY, "test/support/jupyter_kernel_test_mulab.py");
  const env = { ...process.env, JUPYTER_PATH: join(prefix, "share/jupyter") };
  const { stderr } = await promisify(execFile)(PYTHON, [suite, "-v"], { env, cwd: prefix });
  expect(stderr).toMatch(/Ran 12 tests[\s\S]*\nOK\s*$/);
  rmSync(prefix, { recursive: true, force: true });
});
