// The worker that prepares batches. It receives a plan, then requests for batches by number; the buffers travel with the
// messages, so nothing is copied, and its client talks to it directly, so a busy main thread doesn't hold it up.

import { type MessagePort, parentPort } from "node:worker_threads";
import { describeError } from "../core/errors/index.js";
import { BatchMaker, type BatchOrder, type BatchReply, buffersOf, emptyBatch } from "./batches.js";

/** Serves batches on `port` until it closes. */
export function serveBatches(port: MessagePort): void {
  const makers = new Map<number, BatchMaker>();
  port.on("message", (order: BatchOrder) => {
    switch (order.type) {
      case "open":
        makers.set(order.plan, new BatchMaker(order.of));
        return;
      case "close":
        makers.delete(order.plan);
        return;
      case "fill": {
        const { plan, number } = order;
        const maker = makers.get(plan);
        if (!maker) return;
        try {
          const batch = order.into ?? emptyBatch(maker.plan);
          maker.fill(number, batch);
          port.postMessage({ plan, number, batch } satisfies BatchReply, buffersOf(batch));
        } catch (cause) {
          port.postMessage({ plan, number, error: describeError(cause) } satisfies BatchReply);
        }
        return;
      }
      default:
        order satisfies never;
    }
  });
}

parentPort?.once("message", (port: MessagePort) => serveBatches(port));
