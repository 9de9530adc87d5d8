/**
 * The signal thread: receives SIGINT while the main thread cannot.
 *
 * Node reports signals only in the main thread's event loop, which does not turn in `while (true) {}`. What V8 calls `breakOnSigint`
 * works in any thread: this one does nothing but wait to be broken. The outer script is never the one that is broken, and keeps
 * Node's handler in place while the inner one starts again; else a second Ctrl-C in that moment would end the process.
 */
import vm from "node:vm";
import { type MessagePort, workerData } from "node:worker_threads";

const port = workerData as MessagePort;
const never = new Int32Array(new SharedArrayBuffer(4));

let isKnown = false;

/** Called in the inner script: a signal before that would break the outer one. */
function wait(): void {
  if (!isKnown) port.postMessage("waiting");
  isKnown = true;
  Atomics.wait(never, 0, 0);
}

function waitForSignals(): void {
  const inner = new vm.Script("globalThis.mulabWait()");
  for (;;) {
    try {
      inner.runInThisContext({ breakOnSigint: true });
    } catch {
      port.postMessage("SIGINT");
    }
  }
}

Object.assign(globalThis, {
  mulabWait: wait,
  mulabWaitForSignals: waitForSignals,
});
new vm.Script("globalThis.mulabWaitForSignals()").runInThisContext({ breakOnSigint: true });
