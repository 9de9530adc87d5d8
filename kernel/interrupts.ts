/**
 * Interrupts, from the I/O thread: stops what the main thread runs, and keeps its state.
 *
 * First the main thread is asked, and lets go of what its cell awaits. If it does not take the request, it is in synchronous code, and
 * V8 ends that for us, also inside a promise job, where a signal handler would never run. Native code ends when it returns.
 */
import type { MainSession } from "./debug/main-session.js";
import { insideCall } from "./inside.js";
import { SHARED } from "./io-protocol.js";
import { childrenOf, endProcesses } from "./processes.js";

/** How long the main thread may take to notice an interrupt before it counts as stuck in synchronous code. */
const TAKE_MS = 60;
/** After so many vain looks for code of cells on the main thread's stack, whatever runs there is ended: it may be code that shows a value. */
const LOOKS = 5;

export interface InterruptHost {
  /** The shared counters. */
  readonly counts: Int32Array;
  /** What evaluates on top of the main thread's code. */
  readonly onTop: MainSession;
  /** Asks the main thread to stop by itself. May be called again for the same interrupt. */
  ask(id: number): void;
  /** The processes that cells have started and that need not end with this cell. */
  children(): readonly number[];
  /** Keeps an attached debugger from pausing the main thread; with false, allows it again. */
  skipPauses(skip: boolean): void;
  warn(error: unknown): void;
}

export class Interrupts {
  readonly #host: InterruptHost;
  /** True while the main thread is asked to end its code. Native code may keep it from answering for long. */
  #isEnding = false;

  /** The id of the last interrupt. */
  #last = 0;

  constructor(host: InterruptHost) {
    this.#host = host;
  }

  /** Interrupts the main thread. Returns at once; what runs there ends a moment later. */
  interrupt(): void {
    const id = ++this.#last;
    this.#host.ask(id);
    let looks = 0;
    const endUnlessTaken = () => {
      if (Atomics.load(this.#host.counts, SHARED.interruptTaken) >= id) return;
      void this.#end(id, ++looks > LOOKS);
      // A second loop may wait in a queued callback, so look again until the main thread answers.
      setTimeout(endUnlessTaken, TAKE_MS);
    };
    setTimeout(endUnlessTaken, TAKE_MS);
  }

  /** Ends the main thread's code unless it has taken the interrupt by then; with `isAny`, the kernel's and Node's own too. */
  async #end(id: number, isAny: boolean): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const host = this.#host;
    const { onTop, warn } = host;
    host.skipPauses(true);
    try {
      const expression = insideCall("endUnlessTaken", `${id}, ${isAny}`);
      const ended = onTop.send<Evaluated>("Runtime.evaluate", { expression });
      // A child that the main thread waits for gets the signal that a terminal would send it; what comes after it must not run.
      endProcesses(
        childrenOf(process.pid).filter((pid) => !host.children().includes(pid)),
        "SIGINT",
      );
      const { exceptionDetails } = await ended;
      // At the end of the call stack nothing can be called on top of the code.
      if (exceptionDetails) await onTop.send("Runtime.terminateExecution");
      // What was ended may have been the code that was taking it.
      if (isAny) host.ask(id);
    } catch (error) {
      warn(error);
    } finally {
      host.skipPauses(false);
      this.#isEnding = false;
    }
  }
}

/** What the inspector answers to Runtime.evaluate; the details are there if the expression threw. */
interface Evaluated {
  readonly exceptionDetails?: object;
}
