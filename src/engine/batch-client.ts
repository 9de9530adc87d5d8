// Requests batches from the batch worker ahead of their use, and returns the buffers for further ones.

import type { MessagePort } from "node:worker_threads";
import { reviveError } from "../core/errors/index.js";
import { type Batch, type BatchOrder, type BatchPlan, type BatchReply, buffersOf } from "./batches.js";

/** Batches number `first` … `first + count - 1` of a plan, requested from the call on and `ahead` of their use. A batch is valid until the next one is taken; if `ahead` is `count`, all stay valid. A caller that stops early must call return(). */
export type BatchSource = (
  plan: BatchPlan,
  first: number,
  count: number,
  ahead?: number,
) => AsyncIterableIterator<Batch>;

/** Two, because the worker may not be ready in time while the engine uses all cores. */
const AHEAD = 2;

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

  return (of, first, count, ahead = AHEAD) => {
    const plan = plans;
    plans += 1;
    send({ type: "open", plan, of });
    const coming: Promise<Batch>[] = [];
    let asked = 0;
    let given: Batch | null = null;
    const ask = (into: Batch | null): void => {
      if (asked === count) return;
      const number = first + asked;
      asked += 1;
      const answer = new Promise<Batch>((resolve, reject) =>
        waiting.set(`${plan}/${number}`, { resolve, reject }),
      );
      answer.catch(() => {}); // handled where it is awaited, which may be never
      send({ type: "fill", plan, number, into }, into ? buffersOf(into) : []);
      coming.push(answer);
    };
    const close = (): IteratorReturnResult<undefined> => {
      coming.length = 0;
      asked = count;
      for (const key of waiting.keys()) if (key.startsWith(`${plan}/`)) waiting.delete(key);
      send({ type: "close", plan });
      return { done: true, value: undefined };
    };
    while (asked < Math.min(ahead, count)) ask(null);

    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        if (asked < count) ask(given);
        given = null;
        const answer = coming.shift();
        if (!answer) return close();
        given = await answer;
        return { done: false, value: given };
      },
      async return() {
        return close();
      },
    };
  };
}
