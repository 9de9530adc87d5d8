/**
 * What the main thread and the I/O thread say to each other. Types only.
 *
 * Why two threads: the sockets are where no cell can block them. The I/O thread answers heartbeats, interrupts, the debugger and a
 * shutdown while a cell spins, and text printed in a loop reaches the notebook while the loop still runs.
 */
import type { MessagePort } from "node:worker_threads";
import type { PrintedText } from "./joined-text.js";
import type { Connection, RawMessage, Received } from "./wire.js";

export type Channel = "shell" | "control" | "stdin";

/** Main thread -> I/O thread. */
export type ToIo =
  | { readonly kind: "send"; readonly channel: Channel | "iopub"; readonly message: RawMessage }
  | ({ readonly kind: "text" } & PrintedText)
  /** A question that the main thread waits for without turning its event loop. */
  | { readonly kind: "ask"; readonly message: RawMessage }
  /** Answered by `fence` once everything that had reached the sockets by then has been passed on. */
  | { readonly kind: "fence"; readonly id: number; readonly graceMs: number }
  | { readonly kind: "interrupt" }
  /** The processes that cells have started and that still run. They end with the kernel, however it ends. */
  | { readonly kind: "children"; readonly pids: readonly number[] }
  /** Send what is queued, close the sockets, answer `closed`. */
  | { readonly kind: "close" };

/** A message of a front end, on its way to the main thread. */
export interface Arrived {
  readonly channel: Channel;
  readonly message: Received;
}

/** I/O thread -> main thread. */
export type FromIo =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly reason: string }
  | ({ readonly kind: "message" } & Arrived)
  /** Sent again until it is taken; `id` counts from 1. */
  | { readonly kind: "interrupt"; readonly id: number }
  | { readonly kind: "subshell-deleted"; readonly id: string }
  | { readonly kind: "fence"; readonly id: number }
  | { readonly kind: "closed" };

/** The answer to an `ask`; null when the question was taken back. */
export interface Answer {
  readonly value: string | null;
}

/** The places of the shared counters, an Int32Array. */
export const SHARED = {
  /** The id of the last `interrupt` that the main thread has taken. An interrupt that it does not take means that it is busy. */
  interruptTaken: 0,
  /** How many urgent messages it has taken. */
  urgentTaken: 1,
  /** 1 when the sockets are closed, for a main thread that waits for it as it ends. */
  closed: 2,
  /** 1 when the answer to an `ask` is on its port. */
  answered: 3,
  /** 1 from when the main thread takes messages: before that, what is urgent waits as everything else does. */
  listening: 4,
  count: 5,
} as const;

export interface IoOptions {
  readonly connection: Connection;
  readonly session: string;
  readonly shared: SharedArrayBuffer;
  /** Carries `Arrived` messages that are answered also while a cell does not yield. */
  readonly urgent: MessagePort;
  /** Carries the `Answer` to an `ask`. */
  readonly answers: MessagePort;
  /** Says "waiting" once a signal can interrupt any cell, and "SIGINT" for each signal; closed if it can't be made to. */
  readonly signals: MessagePort;
  /** The process that started the kernel; 0 if unknown. When it is gone the kernel goes too. */
  readonly parentPid: number;
}
