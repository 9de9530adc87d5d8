// A gate that can be shut: callers wait until it is open again. Pausing a run or a sweep shuts one.

/** Open at first. */
export class Gate {
  #opened: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

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

  /** Resolves when the gate is open. */
  async passed(): Promise<void> {
    await this.#opened?.promise;
  }
}
