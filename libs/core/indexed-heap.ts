/**
 * The least of many, in an order that members may change while they are in: a binary heap that knows where each member is.
 * Every call but `peek` costs the logarithm of the size.
 */
export class IndexedHeap<T extends object> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #items: T[] = [];
  readonly #places = new Map<T, number>();

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  has(item: T): boolean {
    return this.#places.has(item);
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  /** In no order. */
  values(): Iterable<T> {
    return this.#places.keys();
  }

  /** Adds the item, or finds its new place. */
  put(item: T): void {
    let place = this.#places.get(item);
    if (place === undefined) {
      place = this.#items.length;
      this.#items.push(item);
      this.#places.set(item, place);
    }
    this.#sink(this.#rise(place));
  }

  /** false: it was not there. */
  delete(item: T): boolean {
    const place = this.#places.get(item);
    if (place === undefined) return false;
    this.#places.delete(item);
    const last = this.#items.pop()!;
    if (last !== item) {
      this.#set(place, last);
      this.#sink(this.#rise(place));
    }
    return true;
  }

  #set(place: number, item: T): void {
    this.#items[place] = item;
    this.#places.set(item, place);
  }

  #rise(from: number): number {
    const item = this.#items[from]!;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#before(item, this.#items[above]!)) break;
      this.#set(place, this.#items[above]!);
      place = above;
    }
    this.#set(place, item);
    return place;
  }

  #sink(from: number): void {
    const item = this.#items[from]!;
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= this.#items.length) break;
      if (below + 1 < this.#items.length && this.#before(this.#items[below + 1]!, this.#items[below]!)) below++;
      if (!this.#before(this.#items[below]!, item)) break;
      this.#set(place, this.#items[below]!);
      place = below;
    }
    this.#set(place, item);
  }
}
