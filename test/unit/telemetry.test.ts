import { availableParallelism } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { workerArguments } from "../../src/disk/spawn.js";
import { defaultThreads } from "../../src/engine/limits.js";
import { silenceTelemetry } from "../../src/engine/telemetry.js";

describe("the telemetry of ONNX Runtime", () => {
  const before = process.env.ORT_DISABLE_TELEMETRY;
  afterEach(() => {
    if (before === undefined) delete process.env.ORT_DISABLE_TELEMETRY;
    else process.env.ORT_DISABLE_TELEMETRY = before;
  });

  it.each([undefined, "0", ""])("is turned off where the environment says %j", async (said) => {
    if (said === undefined) delete process.env.ORT_DISABLE_TELEMETRY;
    else process.env.ORT_DISABLE_TELEMETRY = said;
    await silenceTelemetry();
    expect(process.env.ORT_DISABLE_TELEMETRY).toBe("1");
  });
});

describe("a worker", () => {
  it("takes over Node's options, but not how a script on the command line is read", () => {
    expect(workerArguments(["--input-type=module", "--import", "x.mjs", "-e", "1"])).toEqual([
      "--import",
      "x.mjs",
      "-e",
      "1",
    ]);
    expect(workerArguments(["--input-type", "module", "--no-warnings"])).toEqual(["--no-warnings"]);
  });
});

it("the default number of threads is what this machine runs at once", () => {
  expect(defaultThreads()).toBe(availableParallelism());
});
