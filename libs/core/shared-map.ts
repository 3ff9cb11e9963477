const BITS = 5;
const MASK = (1 << BITS) - 1;
const DEEPEST_SHIFT = 30;

/** One entry; a branch by five bits of the hash, holding only the places that are taken; or entries whose hashes are all the same. */
type Node<V> =
  | { readonly key: string; readonly hash: number; readonly value: V }
  | { readonly taken: number; readonly children: readonly Node<V>[] }
  | { readonly same: readonly { readonly key: string; readonly hash: number; readonly value: V }[] };

type Entry<V> = Extract<Node<V>, { key: string }>;

const EMPTY_BRANCH: Node<never> = { taken: 0, children: [] };

/**
 * A map that never changes: {@link with} makes another one that shares what stayed the same. Its cost is that of what changed; a copy
 * of a Map would cost its whole size with every step of a run. A hash array mapped trie (Bagwell, "Ideal Hash Trees", 2001).
 */
export class SharedMap<V> implements ReadonlyMap<string, V> {
  static readonly EMPTY: SharedMap<never> = new SharedMap<never>(EMPTY_BRANCH);

  /** Public, so that two maps compare by what they hold. */
  readonly root: Node<V>;

  private constructor(root: Node<V>) {
    this.root = root;
  }

  /** Counts: nothing that is done with every step asks for it. */
  get size(): number {
    let size = 0;
    for (const _ of entriesOf(this.root)) size++;
    return size;
  }

  static of<V>(entries: ReadonlyMap<string, V>): SharedMap<V> {
    return entries instanceof SharedMap ? entries : (SharedMap.EMPTY as SharedMap<V>).with(entries);
  }

  get(key: string): V | undefined {
    return find(this.root, key)?.value;
  }

  has(key: string): boolean {
    return find(this.root, key) !== undefined;
  }

  with(changes: ReadonlyMap<string, V>): SharedMap<V> {
    if (changes.size === 0) return this;
    let { root } = this;
    for (const [key, value] of changes) root = put(root, { key, hash: hashOf(key), value }, 0);
    return new SharedMap(root);
  }

  *entries(): MapIterator<[string, V]> {
    for (const { key, value } of entriesOf(this.root)) yield [key, value];
  }

  *keys(): MapIterator<string> {
    for (const { key } of entriesOf(this.root)) yield key;
  }

  *values(): MapIterator<V> {
    for (const { value } of entriesOf(this.root)) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  forEach(callback: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const { key, value } of entriesOf(this.root)) callback(value, key, this);
  }
}

function find<V>(root: Node<V>, key: string): Entry<V> | undefined {
  const hash = hashOf(key);
  let node = root;
  for (let shift = 0; ; shift += BITS) {
    if ("key" in node) return node.key === key ? node : undefined;
    if ("same" in node) return node.same.find(entry => entry.key === key);
    const place = 1 << ((hash >>> shift) & MASK);
    if ((node.taken & place) === 0) return undefined;
    node = node.children[indexOf(node.taken, place)]!;
  }
}

function put<V>(node: Node<V>, entry: Entry<V>, shift: number): Node<V> {
  if ("key" in node) {
    if (node.key === entry.key) return entry;
    if (shift > DEEPEST_SHIFT) return { same: [node, entry] };
    return put(put(EMPTY_BRANCH as Node<V>, node, shift), entry, shift);
  }
  if ("same" in node) return { same: [...node.same.filter(({ key }) => key !== entry.key), entry] };
  const place = 1 << ((entry.hash >>> shift) & MASK);
  const index = indexOf(node.taken, place);
  const children = node.children.slice();
  if ((node.taken & place) === 0) children.splice(index, 0, entry);
  else children[index] = put(children[index]!, entry, shift + BITS);
  return { taken: node.taken | place, children };
}

function* entriesOf<V>(root: Node<V>): Iterable<Entry<V>> {
  const open: Node<V>[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ("key" in node) yield node;
    else if ("same" in node) yield* node.same;
    else for (let i = node.children.length - 1; i >= 0; i--) open.push(node.children[i]!);
  }
}

/** How many places below this one are taken. */
function indexOf(taken: number, place: number): number {
  let bits = taken & (place - 1);
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** FNV-1a with a last mix: ids differ in their last characters. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> 0;
}
