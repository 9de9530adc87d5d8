// A gate: while it is shut, callers wait. Pausing a run or a sweep shuts one.

/** Open at first. */
export class Gate {
  #opened: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  #waiting = 0;

  get isShut(): boolean {
    return this.#opened !== undefined;
  }

  shut(): void {
    if (this.#opened) return;
    let resolve = () => {};
    const promise = new Promise<void>((settle) => {
      resolve = settle;
    });
    this.#opened = { promise, resolve };
  }

  open(): void {
    this.#opened?.resolve();
    this.#opened = undefined;
  }

  /** Whether somebody is waiting. */
  get isHolding(): boolean {
    return this.#waiting > 0;
  }

  /** Resolves when the gate is open. */
  async passed(): Promise<void> {
    if (!this.#opened) return;
    this.#waiting += 1;
    await this.#opened.promise;
    this.#waiting -= 1;
  }
}
