/** An event of a text/event-stream. */
export interface StreamEvent {
  /** "message" unless the server names another. */
  type: string;
  id: string;
  data: string;
}

/** Cuts a text/event-stream into events, however the network cuts the stream. */
export class EventBlocks {
  #rest = "";

  /** The events that are whole now. */
  add(text: string): StreamEvent[] {
    const blocks = (this.#rest + text).split("\n\n");
    this.#rest = blocks.pop()!;
    return blocks.flatMap(block => {
      const fields = block.split("\n").map(line => /^([a-z]+): ?(.*)$/s.exec(line) ?? []);
      const all = (name: string): string[] =>
        fields.flatMap(([, key, value]) => (key === name && value !== undefined ? [value] : []));
      const data = all("data");
      return data.length === 0 ? [] : [{ type: all("event")[0] ?? "message", id: all("id")[0] ?? "", data: data.join("\n") }];
    });
  }
}
