/**
 * An inspector session with the main thread, opened from another thread.
 *
 * What it evaluates runs on the main thread at once, on top of whatever runs there, even in a loop that never yields or at a
 * breakpoint. Open only while it is needed: a connected session would keep the process from exiting.
 */
import { type InspectorNotification, Session } from "node:inspector";

/** An idle session is kept this long for the next use; opening one takes some milliseconds. */
const IDLE_MS = 5_000;

export class MainSession {
  readonly #isKept: boolean;
  #session: Session | undefined;
  #idle: NodeJS.Timeout | undefined;
  #waiting = 0;
  readonly #listeners: [event: string, listener: (params: never) => void][] = [];

  /** With `isKept`, the session stays open until `close`. */
  constructor(isKept = false) {
    this.#isKept = isKept;
  }

  /** Calls `listener` with the parameters of each `event` of the protocol. Before the first `send`. */
  on<T>(event: string, listener: (params: T) => void): void {
    this.#listeners.push([event, listener]);
  }

  /** Calls a method of the inspector protocol; resolves with its result, rejects with its error. */
  send<T = object>(method: string, params: object = {}): Promise<T> {
    const session = this.#open();
    this.#waiting++;
    return new Promise<T>((resolve, reject) => {
      session.post(method, params, (error: unknown, result?: object) => {
        this.#waiting--;
        this.#rest();
        if (error) reject(error instanceof Error ? error : new Error((error as { message: string }).message));
        else resolve(result as T);
      });
    });
  }

  #open(): Session {
    clearTimeout(this.#idle);
    if (this.#session) return this.#session;
    const session = new Session();
    session.connectToMainThread();
    for (const [event, listener] of this.#listeners) {
      session.on(event, ({ params }: InspectorNotification<object>) => listener(params as never));
    }
    this.#session = session;
    return session;
  }

  #rest(): void {
    if (this.#isKept || this.#waiting > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), IDLE_MS);
    this.#idle.unref();
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#session?.disconnect();
    this.#session = undefined;
    this.#waiting = 0;
  }
}
