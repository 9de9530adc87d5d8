// Asks the batch worker for batches, one ahead of their use, and hands the buffers back for the next ones.

import type { MessagePort } from "node:worker_threads";
import { type Batch, type BatchOrder, type BatchPlan, type BatchReply, buffersOf } from "./batches.js";
import { reviveError } from "./wire.js";

/** Batches 0 … count-1 of a plan, prepared while the one before is used; one is valid until the next is asked for. */
export type BatchSource = (plan: BatchPlan, first: number, count: number) => AsyncIterable<Batch>;

/** Batches from the worker at the other end of `port`. */
export function batchClient(port: MessagePort): BatchSource {
  const waiting = new Map<string, { resolve: (batch: Batch) => void; reject: (error: Error) => void }>();
  let plans = 0;
  port.on("message", (reply: BatchReply) => {
    const key = `${reply.plan}/${reply.number}`;
    const asker = waiting.get(key);
    waiting.delete(key);
    if ("error" in reply) asker?.reject(reviveError(reply.error));
    else asker?.resolve(reply.batch);
  });
  const send = (order: BatchOrder, transfer: ArrayBuffer[] = []) => port.postMessage(order, transfer);

  return async function* batches(of, first, count) {
    const plan = plans;
    plans += 1;
    send({ type: "open", plan, of });
    const ask = (number: number, into: Batch | null): Promise<Batch> => {
      const answer = new Promise<Batch>((resolve, reject) =>
        waiting.set(`${plan}/${number}`, { resolve, reject }),
      );
      answer.catch(() => {}); // heard where it is awaited, which may be never
      send({ type: "fill", plan, number, into }, into ? buffersOf(into) : []);
      return answer;
    };
    try {
      let spare: Batch | null = null;
      let upcoming = count > 0 ? ask(first, null) : null;
      for (let i = 1; upcoming; i++) {
        const batch: Batch = await upcoming;
        upcoming = i < count ? ask(first + i, spare) : null;
        spare = batch;
        yield batch;
      }
    } finally {
      for (const key of waiting.keys()) if (key.startsWith(`${plan}/`)) waiting.delete(key);
      send({ type: "close", plan });
    }
  };
}
