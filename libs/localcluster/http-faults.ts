import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import { ApiError } from "./api/api-error.ts";
import type { OpenStreams } from "./api/open-streams.ts";
import { matches, type RequestMatch, type RequestRecord } from "./request-log.ts";

/** How a fault answers. */
export interface FaultAnswer {
  /** HTTP status: 429, 500, 503; 200 with `text` is what a kubelet in trouble writes into a log. */
  code: number;
  /** The `reason` and `message` of the Status; reasonable ones by default. */
  reason?: string;
  message?: string;
  /** Plain text instead of a Status, as an overloaded or dying API server sends it. */
  text?: string;
  /** Sent as the Retry-After header, and in a Status as details.retryAfterSeconds. */
  retryAfterSeconds?: number;
}

type Progress = "answered" | "go on";
type Action = (request: IncomingMessage, response: ServerResponse) => Progress | Promise<Progress>;

interface Fault {
  match: RequestMatch;
  left: number;
  act: Action;
}

const REASONS: Record<number, [reason: string, message: string]> = {
  401: ["Unauthorized", "Unauthorized"],
  403: ["Forbidden", "forbidden by a fault of the local cluster"],
  410: ["Expired", "too old resource version"],
  429: ["TooManyRequests", "too many requests, please try again later"],
  500: ["InternalError", "Internal error occurred: etcdserver: leader changed"],
  503: ["ServiceUnavailable", "the server is currently unable to handle the request"],
};

/** Cuts the transport under a response, so that the client sees a reset and not an end. */
function cutConnection(response: ServerResponse): void {
  const { stream } = response as unknown as Partial<Http2ServerResponse>;
  if (stream?.session) stream.session.destroy();
  else response.socket?.resetAndDestroy();
}

/**
 * Troubles on demand at the door of the API server. Each applies to the next `times` requests that fit (default 1; Infinity until
 * {@link clear}); earlier ones go first.
 */
export class HttpFaults {
  readonly #streams: OpenStreams;
  #faults: Fault[] = [];

  constructor(streams: OpenStreams) {
    this.#streams = streams;
  }

  /** Answers with this instead of doing the work. */
  answer(match: RequestMatch, answer: FaultAnswer, times = 1): void {
    this.#add(match, times, (_, response) => {
      const [reason, message] = REASONS[answer.code] ?? ["InternalError", "a fault of the local cluster"];
      const retry = answer.retryAfterSeconds;
      const details = retry === undefined ? undefined : { retryAfterSeconds: retry };
      const { status } = new ApiError(answer.code, answer.reason ?? reason, answer.message ?? message, details);
      response.writeHead(answer.code, {
        "content-type": answer.text === undefined ? "application/json" : "text/plain; charset=utf-8",
        ...(retry === undefined ? {} : { "retry-after": String(retry) }),
      });
      response.end(answer.text ?? JSON.stringify(status));
      return "answered";
    });
  }

  /** Resets the connection: before the work is done ("before"), after it ("after": the write happened, its answer is lost), or in the middle of the answer ("midway"). */
  reset(match: RequestMatch, when: "before" | "after" | "midway" = "before", times = 1): void {
    this.#add(match, times, (_, response) => {
      if (when === "before") {
        cutConnection(response);
        return "answered";
      }
      const { end } = response;
      const cutting = (text?: unknown): ServerResponse => {
        if (when === "after") cutConnection(response);
        else response.write(String(text ?? "").slice(0, String(text ?? "").length / 2), () => cutConnection(response));
        response.end = end;
        return response;
      };
      response.end = cutting as typeof response.end;
      return "go on";
    });
  }

  /** Takes the request and never answers. */
  silence(match: RequestMatch, times = 1): void {
    this.#add(match, times, () => "answered");
  }

  /** Waits before doing the work. */
  delay(match: RequestMatch, delayMs: number, times = 1): void {
    this.#add(match, times, async (): Promise<Progress> => {
      await new Promise<void>(resolve => setTimeout(resolve, delayMs).unref());
      return "go on";
    });
  }

  /** Ends ("end") or resets ("reset") the open watches and followed logs that fit; returns how many. */
  cut(match: RequestMatch = {}, how: "end" | "reset" = "end"): number {
    const chosen = [...this.#streams].filter(({ request }) =>
      matches({ method: "GET", path: "", query: "", userAgent: "", status: 200, ...flat(request) }, match),
    );
    for (const { response, end } of chosen) {
      if (how === "end") end();
      else cutConnection(response);
    }
    return chosen.length;
  }

  /** Watches stay connected and deliver nothing, and what happens meanwhile is lost to them, until the returned function is called. */
  mute(): () => void {
    this.#streams.muted = true;
    return () => {
      this.#streams.muted = false;
    };
  }

  /** Sends a bookmark to every watch that asked for bookmarks, without waiting for the minute. */
  bookmark(): void {
    for (const { bookmark } of this.#streams) bookmark?.();
  }

  /** Ends every fault that has not happened yet, and the muting. */
  clear(): void {
    this.#faults = [];
    this.#streams.muted = false;
  }

  /** Carries out the first fault that fits. True: the request is dealt with. */
  async apply(record: RequestRecord, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const fault = this.#faults.find(({ match }) => matches(record, match));
    if (fault === undefined) return false;
    fault.left--;
    if (fault.left <= 0) this.#faults = this.#faults.filter(one => one !== fault);
    const answered = (await fault.act(request, response)) === "answered";
    if (answered && response.headersSent) record.status = response.statusCode;
    return answered;
  }

  #add(match: RequestMatch, times: number, act: Action): void {
    this.#faults.push({ match, left: times, act });
  }
}

function flat({
  verb,
  resource,
  namespace,
  name,
  subresource,
}: Parameters<OpenStreams["add"]>[0]["request"]): Partial<RequestRecord> {
  const all = { verb, resource: resource.name, namespace, name, subresource };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
