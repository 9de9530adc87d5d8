/**
 * What the main thread and the I/O thread say to each other. Types only.
 *
 * Why two threads: the sockets live where no cell can block them. A heartbeat, an interrupt and a shutdown are answered while a
 * cell spins, and text printed in a loop reaches the notebook while the loop still runs.
 */
import type { MessagePort } from "node:worker_threads";
import type { Connection, RawMessage } from "./wire.js";

export type Channel = "shell" | "control" | "stdin";

/** Main thread -> I/O thread. */
export type ToIo =
  | { readonly kind: "send"; readonly channel: Channel | "iopub"; readonly message: RawMessage }
  /** Text of a cell: joined with what comes right after it, so that 10,000 lines are not 10,000 signed messages. */
  | {
      readonly kind: "text";
      readonly name: "stdout" | "stderr";
      readonly parent: string;
      readonly text: string;
    }
  /** Answered by `fence` once everything that had reached the sockets by then has been passed on. */
  | { readonly kind: "fence"; readonly id: number; readonly graceMs: number }
  /** Each message on `port` means that SIGINT arrived. */
  | { readonly kind: "signals"; readonly port: MessagePort }
  | { readonly kind: "interrupt" }
  /** Send what is queued, close the sockets, answer `closed`. */
  | { readonly kind: "close" };

/** I/O thread -> main thread. */
export type FromIo =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "message"; readonly channel: Channel; readonly message: RawMessage }
  | { readonly kind: "interrupt" }
  | { readonly kind: "fence"; readonly id: number }
  | { readonly kind: "closed" };

export interface IoOptions {
  readonly connection: Connection;
  readonly session: string;
  /** Int32: how many `interrupt` messages the main thread has taken. An interrupt that is not taken means: it is busy. */
  readonly taken: SharedArrayBuffer;
  /** Int32: 1 when the sockets are closed, for a main thread that waits for it as it ends. */
  readonly closed: SharedArrayBuffer;
  /** The process that started the kernel; 0 if unknown. When it is gone the kernel goes too. */
  readonly parentPid: number;
}
