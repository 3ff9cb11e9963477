/** One event of a text/event-stream. */
export interface ServerEvent {
  /** "message" where the server names none. */
  type: string;
  id: string | undefined;
  data: string;
}

/** Reads a text/event-stream; comments are left out, and so is an event that was cut off. */
export async function* serverEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent, void, undefined> {
  let [type, data, id]: [string, string[], string | undefined] = ["message", [], undefined];
  for await (const line of linesOf(body)) {
    if (line === "") {
      if (data.length > 0) yield { type, id, data: data.join("\n") };
      [type, data] = ["message", []];
      continue;
    }
    const [, field = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (field === "event") type = value;
    else if (field === "data") data.push(value);
    else if (field === "id") id = value;
  }
}

/** Whole lines; what follows the last line end is not one. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
