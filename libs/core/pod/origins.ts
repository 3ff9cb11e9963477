/**
 * Who set what: a tree beside the pod's own, whose nodes name the layer that set the value there. What a node does not know,
 * the one above it does. Items of merged lists are found by their merge key, fields and map entries by their name.
 */
export class Origins {
  #layer: string | undefined;
  readonly #children = new Map<string, Origins>();

  /** The layer that set the value here as a whole. */
  get layer(): string | undefined {
    return this.#layer;
  }

  /** The node of a field, a map's entry or an item; made when it is not there. */
  child(segment: string): Origins {
    let child = this.#children.get(segment);
    if (child === undefined) {
      child = new Origins();
      this.#children.set(segment, child);
    }
    return child;
  }

  /** As {@link child}, but a new node is not kept. */
  find(segment: string): Origins | undefined {
    return this.#children.get(segment);
  }

  /** From here down everything is this layer's. */
  own(layer: string): void {
    this.#layer = layer;
    this.#children.clear();
  }
}
