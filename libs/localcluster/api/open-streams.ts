import type { ServerResponse } from "node:http";
import type { ApiRequest } from "./api-request.ts";

/** A response that stays open: a watch or a followed log. */
export interface OpenStream {
  request: ApiRequest;
  response: ServerResponse;
  /** Ends it from the server's side as if its time were up. */
  end: () => void;
  /** Sends a bookmark now, where the client asked for bookmarks. */
  bookmark?: () => void;
}

/** The long answers under way, so that they can be ended, cut or muted. */
export class OpenStreams {
  readonly #open = new Set<OpenStream>();
  /** While true, watches keep their connection and deliver nothing: what happens meanwhile is lost to them. */
  muted = false;

  add(stream: OpenStream): void {
    this.#open.add(stream);
    stream.response.once("close", () => this.#open.delete(stream));
  }

  [Symbol.iterator](): IterableIterator<OpenStream> {
    return [...this.#open].values();
  }
}
