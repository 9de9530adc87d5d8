/**
 * The variables of a session: one scope for all cells.
 *
 * Each name has a box for as long as the kernel lives. A cell's code reads and writes the box (compiler/rewrite-cell.ts), so whatever
 * changes a variable, in whichever cell or callback, all code that uses the name sees it at once. Nothing here is on `globalThis`:
 * `import { setTimeout } from "node:timers/promises"` in a cell leaves every package's own `setTimeout` alone.
 */

import vm from "node:vm";

/** How a name was last declared. */
export type DeclarationKind = "let" | "const" | "var" | "function" | "class" | "import";

/**
 * One variable. Its setters are what a declaration in a cell becomes: `const a = 1` is `a.$const = 1`.
 *
 * The value is an own property, always the last one added, so that V8 keeps the box in its fast form, where a loop reads it like any
 * object's property. Redefining the property in place, as an accessor or as read-only, would make loops three times as slow.
 */
export class Box {
  kind: DeclarationKind | undefined;
  isInitialized = false;
  /** The present value of an import. */
  #read: () => unknown = () => undefined;

  constructor(readonly name: string) {}

  /** The value. Reading it throws while the name is undeclared or not yet initialized; writing it throws for a constant. */
  get $(): unknown {
    this.#needGlobal();
    return this.$;
  }

  set $(value: unknown) {
    this.#needGlobal();
    this.$ = value;
  }

  set $let(value: unknown) {
    this.isInitialized = true;
    this.#become({ value, writable: true });
  }

  set $const(value: unknown) {
    this.isInitialized = true;
    this.#become({ value, writable: false });
  }

  /** For `typeof`, which does not throw for a name that nothing declares. */
  get $typeof(): unknown {
    return this.kind === undefined && !(this.name in globalThis) ? undefined : this.$;
  }

  /**
   * The name is declared by a cell that is about to run. A value that it had, a global's too, stays until the declaration itself
   * runs.
   */
  declareAs(kind: DeclarationKind): void {
    const isGlobal = !this.isInitialized && this.name in globalThis;
    this.kind = kind;
    if (!this.isInitialized && !isGlobal) Reflect.deleteProperty(this, "$");
    if (kind !== "var") return;
    if (!this.isInitialized) this.$let = isGlobal ? this.$ : undefined;
    else if (Object.getOwnPropertyDescriptor(this, "$")?.writable !== true) this.$let = this.$;
  }

  /** Binds an imported name: it follows what the module exports, and is a constant to the cells. */
  bindTo(read: () => unknown): void {
    this.kind = "import";
    this.isInitialized = true;
    this.#read = read;
    this.#become({
      get: () => this.#read(),
      set: () => {
        throw new TypeError(`Assignment to constant variable. ("${this.name}" is an import.)`);
      },
    });
  }

  /** A name that no cell has given a value is the global of that name, if there is one. */
  #needGlobal(): void {
    const { name } = this;
    if (this.kind !== undefined && !(name in globalThis))
      throw new ReferenceError(`Cannot access '${name}' before initialization`);
    // Compiled code reads and writes a global much faster than Reflect does.
    this.#become({
      get: compiled(`() => ${name}`) as () => unknown,
      set: compiled(`function () { ${name} = arguments[0] }`) as (value: unknown) => void,
    });
  }

  #become(property: PropertyDescriptor): void {
    const { get, writable } = property;
    const old = Object.getOwnPropertyDescriptor(this, "$");
    const isOther = old !== undefined && (get !== undefined || old.writable !== writable);
    if (isOther) Reflect.deleteProperty(this, "$");
    Object.defineProperty(this, "$", { ...property, configurable: true, enumerable: true });
    // V8 brings what serves as a prototype back into the fast form. A second box with an accessor of its own needs that too.
    if (isOther || get !== undefined) Object.create(this);
  }
}

/** A function that sees globals only. It counts as the kernel's own code, which stacks leave out. */
function compiled(text: string): unknown {
  return vm.runInThisContext(`"use strict"; (${text})`, { filename: import.meta.url });
}

/** All variables of a session, by name. */
export class Session {
  readonly #boxes = new Map<string, Box>();

  /** The box of a name, declared or not. It is the same for as long as the session lives. */
  box(name: string): Box {
    let box = this.#boxes.get(name);
    if (!box) {
      box = new Box(name);
      this.#boxes.set(name, box);
    }
    return box;
  }

  /** True if a cell has declared the name. */
  has(name: string): boolean {
    return this.#boxes.get(name)?.kind !== undefined;
  }

  /** Declares a variable and gives it a value. */
  define(name: string, value: unknown, kind: DeclarationKind = "let"): void {
    const box = this.box(name);
    box.declareAs(kind);
    if (kind === "const") box.$const = value;
    else box.$let = value;
  }

  /** The value of a declared name; undefined for one that is not declared or not initialized. */
  get(name: string): unknown {
    const box = this.#boxes.get(name);
    return box?.isInitialized ? box.$ : undefined;
  }

  /** The declared variables that have a value, in the order of their first use. */
  *variables(): Generator<Box & { readonly kind: DeclarationKind }> {
    for (const box of this.#boxes.values()) {
      if (box.kind !== undefined && box.isInitialized) yield box as Box & { readonly kind: DeclarationKind };
    }
  }
}
