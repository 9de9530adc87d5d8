import { defineConfig } from "vitest/config";

/** One project a kind of proof (unit, property, contract, golden, oracle, e2e); the folders say what each shows. */
const project = (name: string, timeout = 20_000) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeout,
    hookTimeout: timeout,
    setupFiles: "test/support/draw-seed.ts",
  },
});

const e2e = project("e2e", 300_000);

export default defineConfig({
  test: {
    pool: "forks",
    // Packages that are loaded as they are, as those of node_modules.
    server: { deps: { external: [/\/vendor\//] } },
    projects: [
      project("unit"),
      project("property", 60_000),
      project("contract", 120_000),
      project("golden"),
      project("oracle", 120_000),
      {
        ...e2e,
        test: { ...e2e.test, globalSetup: "test/support/tarball.ts" },
      },
    ],
  },
});
