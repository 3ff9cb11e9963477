import assert from "node:assert/strict";

export interface SseEvent {
  event: string;
  /** Last-Event-ID after it. */
  id: string;
  data: string;
}

/** Reads server-sent events as a browser's EventSource does, without its reconnecting. */
export interface OpenEvents {
  readonly events: readonly SseEvent[];
  /** What a browser would send when it connects again. */
  readonly lastId: string;
  /** Resolves when the server has ended the stream, or close() was called. */
  readonly ended: Promise<void>;
  close(): void;
}

/** @param cutAfterBytes the connection breaks behind so many bytes, wherever that is; what is no whole event by then is lost */
export async function openEvents(
  url: string,
  { headers = {}, cutAfterBytes = Number.POSITIVE_INFINITY }: { headers?: Record<string, string>; cutAfterBytes?: number } = {},
): Promise<OpenEvents> {
  const stop = new AbortController();
  const response = await fetch(url, { headers: { accept: "text/event-stream", ...headers }, signal: stop.signal });
  assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream\b/, await problemOf(response));
  const events: SseEvent[] = [];
  const state = { lastId: headers["last-event-id"] ?? "" };

  const take = (block: string): void => {
    const fields = block.split("\n").map(line => /^([a-z]+): ?(.*)$/.exec(line) ?? []);
    const all = (name: string) => fields.filter(field => field[1] === name).map(field => field[2]!);
    state.lastId = all("id").at(-1) ?? state.lastId;
    const data = all("data");
    if (data.length > 0) events.push({ event: all("event")[0] ?? "message", id: state.lastId, data: data.join("\n") });
  };
  const read = async (): Promise<void> => {
    let rest = "";
    let left = cutAfterBytes;
    const decoder = new TextDecoder();
    for await (const part of response.body ?? []) {
      rest += decoder.decode((part as Uint8Array).subarray(0, left), { stream: true });
      left -= (part as Uint8Array).length;
      const blocks = rest.split("\n\n");
      rest = blocks.pop() ?? "";
      blocks.forEach(take);
      if (left <= 0) break;
    }
    stop.abort();
  };
  const ended = read().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  // Who awaits it hears of an error; who does not looks at the events.
  ended.catch(() => undefined);
  return {
    events,
    get lastId() {
      return state.lastId;
    },
    ended,
    close: () => stop.abort(),
  };
}

const problemOf = async (response: Response): Promise<string | undefined> => (response.ok ? undefined : response.text());
