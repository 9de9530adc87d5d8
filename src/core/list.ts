// An immutable list that shares its structure with the list that it came from: a tree with 32 branches per node. A run of
// 64,000 models has a new state after every event; copying an array each time would cost more than the training.

const BITS = 5;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

/** A branch holds nodes, a leaf holds items; both at most WIDTH. */
type Node = readonly unknown[];
type Fresh = unknown[];

/** A leaf whose items are made when they are first asked for. Once all are made, `items` is an ordinary leaf. */
class LaterLeaf {
  readonly items: unknown[];
  #missing: number;

  constructor(
    readonly first: number,
    length: number,
    readonly make: (index: number) => unknown,
  ) {
    this.items = new Array(length).fill(undefined);
    this.#missing = length;
  }

  item(place: number): unknown {
    if (this.items[place] === undefined && place < this.items.length) {
      this.items[place] = this.make(this.first + place);
      this.#missing -= 1;
    }
    return this.items[place];
  }

  whole(): Node {
    if (this.#missing > 0) for (let place = 0; place < this.items.length; place++) this.item(place);
    return this.items;
  }
}

/** The leaf of `index`, which must be below a root of that height. */
function leafAt(root: Node | LaterLeaf, shift: number, index: number): Node | LaterLeaf {
  let node = root;
  for (let at = shift; at > 0; at -= BITS) node = (node as Node)[(index >>> at) & MASK] as Node | LaterLeaf;
  return node;
}

const whole = (leaf: Node | LaterLeaf): Node => (leaf instanceof LaterLeaf ? leaf.whole() : leaf);

function itemOf(root: Node | LaterLeaf, shift: number, index: number): unknown {
  const leaf = leafAt(root, shift, index);
  return leaf instanceof LaterLeaf ? leaf.item(index & MASK) : leaf[index & MASK];
}

/** An immutable list: reading, adding and replacing an item take the same time at any length, and old lists stay as they were. */
export class List<T> implements Iterable<T> {
  readonly length: number;
  readonly #root: Node | LaterLeaf;
  readonly #shift: number;

  private constructor(root: Node | LaterLeaf, length: number, shift: number) {
    this.#root = root;
    this.length = length;
    this.#shift = shift;
  }

  static empty<T>(): List<T> {
    return EMPTY as List<T>;
  }

  static of<T>(items: Iterable<T>): List<T> {
    const draft = List.empty<T>().draft();
    for (const item of items) draft.push(item);
    return draft.done();
  }

  /** A list of `length` items that `make` makes one by one, each when it is first asked for; none of them is undefined. */
  static later<T>(length: number, make: (index: number) => T): List<T> {
    if (length === 0) return List.empty<T>();
    let nodes: (Node | LaterLeaf)[] = [];
    for (let first = 0; first < length; first += WIDTH)
      nodes.push(new LaterLeaf(first, Math.min(WIDTH, length - first), make));
    let shift = 0;
    for (; nodes.length > 1; shift += BITS) {
      const above: Node[] = [];
      for (let at = 0; at < nodes.length; at += WIDTH) above.push(nodes.slice(at, at + WIDTH));
      nodes = above;
    }
    return new List<T>(nodes[0]!, length, shift);
  }

  /** @internal */
  static make<T>(root: Node | LaterLeaf, length: number, shift: number): List<T> {
    return new List<T>(root, length, shift);
  }

  /** The item at `index`, counted from 0; undefined if there is none. */
  get(index: number): T | undefined {
    if (!(index >= 0 && index < this.length)) return undefined;
    return itemOf(this.#root, this.#shift, index) as T;
  }

  /** A copy that can be changed, at a cost proportional to the changes. */
  draft(): ListDraft<T> {
    return new ListDraft<T>(this.#root, this.length, this.#shift);
  }

  /** Whether items `from` to `to` (exclusive) are the same objects in `other`; instant where the lists share structure. */
  isSame(other: List<T>, from: number, to: number): boolean {
    const end = Math.min(to, Math.max(this.length, other.length));
    for (let at = from; at < end; ) {
      const next = Math.min(end, (at | MASK) + 1);
      if (this.chunkAt(at) !== other.chunkAt(at))
        for (; at < next; at++) if (this.get(at) !== other.get(at)) return false;
      at = next;
    }
    return true;
  }

  /** The array of up to 32 items that holds `index`; lists that share it have the same object. */
  chunkAt(index: number): readonly T[] | undefined {
    if (!(index >= 0 && index < this.length)) return undefined;
    return whole(leafAt(this.#root, this.#shift, index)) as readonly T[];
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let start = 0; start < this.length; start += WIDTH) yield* this.chunkAt(start)!;
  }

  /** Items `from` to `to` (exclusive) as an array; negative numbers count from the end. */
  slice(from = 0, to = this.length): T[] {
    const start = from < 0 ? Math.max(0, this.length + from) : from;
    const end = Math.min(this.length, to < 0 ? this.length + to : to);
    const items: T[] = [];
    for (let at = start; at < end; at++) items.push(this.get(at) as T);
    return items;
  }

  forEach(visit: (item: T, index: number) => void): void {
    for (let start = 0; start < this.length; start += WIDTH) {
      const leaf = this.chunkAt(start)!;
      for (let i = 0; i < leaf.length; i++) visit(leaf[i] as T, start + i);
    }
  }

  map<U>(make: (item: T, index: number) => U): U[] {
    const made: U[] = [];
    this.forEach((item, index) => {
      made.push(make(item, index));
    });
    return made;
  }

  flatMap<U>(make: (item: T, index: number) => U | readonly U[]): U[] {
    const made: U[] = [];
    this.forEach((item, index) => {
      const some = make(item, index);
      if (Array.isArray(some)) for (const one of some) made.push(one);
      else made.push(some as U);
    });
    return made;
  }

  filter(keep: (item: T, index: number) => boolean): T[] {
    const kept: T[] = [];
    this.forEach((item, index) => {
      if (keep(item, index)) kept.push(item);
    });
    return kept;
  }

  reduce<U>(step: (sum: U, item: T, index: number) => U, start: U): U {
    let sum = start;
    this.forEach((item, index) => {
      sum = step(sum, item, index);
    });
    return sum;
  }

  find(fits: (item: T, index: number) => boolean): T | undefined {
    for (let at = 0; at < this.length; at++) if (fits(this.get(at) as T, at)) return this.get(at);
    return undefined;
  }

  some(fits: (item: T, index: number) => boolean): boolean {
    for (let at = 0; at < this.length; at++) if (fits(this.get(at) as T, at)) return true;
    return false;
  }

  every(fits: (item: T, index: number) => boolean): boolean {
    return !this.some((item, index) => !fits(item, index));
  }

  toJSON(): T[] {
    return this.slice();
  }

  /** Looks like an array in notebooks and in `console.log`. */
  [Symbol.for("nodejs.util.inspect.custom")](): T[] {
    return this.slice();
  }
}

/** A list under construction: used by one fold, then `done`. */
export class ListDraft<T> {
  #root: Node | LaterLeaf;
  #length: number;
  #shift: number;
  /** Nodes that this draft has made and nobody else has. */
  #own = new WeakSet<Node>();

  constructor(root: Node | LaterLeaf, length: number, shift: number) {
    this.#root = root;
    this.#length = length;
    this.#shift = shift;
  }

  get length(): number {
    return this.#length;
  }

  get(index: number): T | undefined {
    if (!(index >= 0 && index < this.#length)) return undefined;
    return itemOf(this.#root, this.#shift, index) as T;
  }

  /** Replaces the item at `index`, which must exist. */
  set(index: number, item: T): void {
    if (!(index >= 0 && index < this.#length)) throw new RangeError(`no item ${index} of ${this.#length}`);
    this.#leafOf(index)[index & MASK] = item;
  }

  push(item: T): void {
    const index = this.#length;
    if (index === WIDTH << this.#shift) {
      this.#root = this.#take([this.#root]);
      this.#shift += BITS;
    }
    this.#length += 1;
    this.#leafOf(index)[index & MASK] = item;
  }

  /** The finished list; the draft must not be changed afterwards. */
  done(): List<T> {
    this.#own = new WeakSet();
    return this.#length === 0 ? List.empty<T>() : List.make<T>(this.#root, this.#length, this.#shift);
  }

  /** The leaf of `index`; makes it and all nodes above it this draft's own. */
  #leafOf(index: number): Fresh {
    let node = this.#owned(this.#root);
    this.#root = node;
    for (let shift = this.#shift; shift > 0; shift -= BITS) {
      const place = (index >>> shift) & MASK;
      const next = this.#owned((node[place] as Node | LaterLeaf | undefined) ?? []);
      node[place] = next;
      node = next;
    }
    return node;
  }

  #owned(node: Node | LaterLeaf): Fresh {
    const items = whole(node);
    return this.#own.has(items) ? (items as Fresh) : this.#take(items.slice());
  }

  #take(node: Fresh): Fresh {
    this.#own.add(node);
    return node;
  }
}

const EMPTY: List<unknown> = List.make<unknown>([], 0, 0);
