const FEWEST_BUCKETS = 16;
const PER_BUCKET = 16;

type Buckets<V> = readonly ReadonlyMap<string, V>[];

/**
 * A map that never changes: {@link with} makes another one that shares what stayed the same, at the cost of what changed and of one short list.
 * A copy of a Map would cost its whole size with every step of a run.
 */
export class SharedMap<V> implements ReadonlyMap<string, V> {
  static readonly EMPTY: SharedMap<never> = new SharedMap(emptyBuckets<never>(FEWEST_BUCKETS), 0);

  /** Public, so that two maps compare by what they hold. */
  readonly buckets: Buckets<V>;
  readonly size: number;

  private constructor(buckets: Buckets<V>, size: number) {
    this.buckets = buckets;
    this.size = size;
  }

  static of<V>(entries: ReadonlyMap<string, V>): SharedMap<V> {
    return entries instanceof SharedMap ? entries : (SharedMap.EMPTY as SharedMap<V>).with(entries);
  }

  get(key: string): V | undefined {
    return this.buckets[bucketOf(key, this.buckets.length)]!.get(key);
  }

  has(key: string): boolean {
    return this.buckets[bucketOf(key, this.buckets.length)]!.has(key);
  }

  with(changes: ReadonlyMap<string, V>): SharedMap<V> {
    if (changes.size === 0) return this;
    const wanted = Math.ceil((this.size + changes.size) / PER_BUCKET);
    const isCramped = wanted > 2 * this.buckets.length;
    const buckets = isCramped ? rehash(this, 2 ** Math.ceil(Math.log2(wanted))) : [...this.buckets];
    const own = new Set<number>();
    let { size } = this;
    for (const [key, value] of changes) {
      const at = bucketOf(key, buckets.length);
      if (!isCramped && !own.has(at)) {
        buckets[at] = new Map(buckets[at]);
        own.add(at);
      }
      const bucket = buckets[at] as Map<string, V>;
      if (!bucket.has(key)) size++;
      bucket.set(key, value);
    }
    return new SharedMap(buckets, size);
  }

  *entries(): MapIterator<[string, V]> {
    for (const bucket of this.buckets) yield* bucket.entries();
  }

  *keys(): MapIterator<string> {
    for (const bucket of this.buckets) yield* bucket.keys();
  }

  *values(): MapIterator<V> {
    for (const bucket of this.buckets) yield* bucket.values();
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  forEach(callback: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this);
  }
}

function emptyBuckets<V>(count: number): Map<string, V>[] {
  return Array.from({ length: count }, () => new Map<string, V>());
}

function rehash<V>(map: SharedMap<V>, count: number): Map<string, V>[] {
  const buckets = emptyBuckets<V>(count);
  for (const [key, value] of map.entries()) buckets[bucketOf(key, count)]!.set(key, value);
  return buckets;
}

/** FNV-1a, cut to a power of two. */
function bucketOf(key: string, count: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) & (count - 1);
}
