// ONNX Runtime reports each process that loads it to its makers: it keeps a device id and a database of events in the home
// folder, and looks up its collector. An environment variable, read once when the library starts, prevents all of this.

import { isMainThread } from "node:worker_threads";
import { telemetryNotOff } from "../core/errors/index.js";

const NAME = "ORT_DISABLE_TELEMETRY";
/** The main thread answers at once unless it is busy; one that is blocked for good never answers. */
const PATIENCE_MS = 60_000;

/** Turns off ONNX Runtime's telemetry for this process; must complete before the library loads. Throws engine/telemetry-not-off. */
export async function silenceTelemetry(): Promise<void> {
  if (silencedInMainThread() || process.env[NAME] === "1") return;
  // A worker's `process.env` is a copy that native code doesn't see, so the variable is set in the main thread: mulab's own
  // workers find it there, and a worker of somebody else's, whose main thread never loaded mulab, sets it from afar.
  await setInMainThread();
  process.env[NAME] = "1"; // for this worker's own workers, which inherit its copy
}

/** The same synchronously, if possible: returns true in the main thread and false in a worker. */
export function silencedInMainThread(): boolean {
  if (isMainThread) process.env[NAME] = "1";
  return isMainThread;
}

async function setInMainThread(): Promise<void> {
  try {
    const { Session } = await import("node:inspector");
    const session = new Session();
    session.connectToMainThread();
    try {
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error("the main thread does not answer")), PATIENCE_MS);
        session.post("Runtime.evaluate", { expression: `process.env.${NAME} = "1"` }, (error, answer) => {
          clearTimeout(late);
          if (error ?? answer.exceptionDetails) reject(error ?? new Error(answer.exceptionDetails!.text));
          else resolve();
        });
      });
    } finally {
      session.disconnect();
    }
  } catch (cause) {
    throw telemetryNotOff(NAME, cause);
  }
}
