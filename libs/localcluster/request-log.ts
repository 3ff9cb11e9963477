import type { ApiRequest } from "./api/api-request.ts";
import type { Verb } from "./api/resources.ts";

/** One answered request. Requests that are no API call (discovery, health) have no verb. */
export interface RequestRecord {
  method: string;
  path: string;
  query: string;
  userAgent: string;
  /** HTTP status; 0 while no answer has begun, and for good where a fault cut it. */
  status: number;
  verb?: Verb;
  resource?: string;
  subresource?: string;
  namespace?: string;
  name?: string;
}

/** Which requests: every property given has to fit. */
export interface RequestMatch {
  verb?: Verb;
  resource?: string;
  /** "log", "status", "eviction"; undefined fits requests with and without one. */
  subresource?: string;
  namespace?: string;
  name?: string | RegExp;
  userAgent?: RegExp;
  /** The path as a whole, for what is no API call. */
  path?: string | RegExp;
}

const fits = (value: string | undefined, wanted: string | RegExp | undefined): boolean =>
  wanted === undefined || (typeof wanted === "string" ? value === wanted : wanted.test(value ?? ""));

export function matches(record: RequestRecord, match: RequestMatch): boolean {
  const keys = ["verb", "resource", "subresource", "namespace", "name", "userAgent", "path"] as const;
  return keys.every(key => fits(record[key], match[key]));
}

/** The requests a local cluster has seen, oldest first; tests count them. Only the last 50,000 are kept. */
export class RequestLog {
  static readonly #LIMIT = 50_000;
  #records: RequestRecord[] = [];

  /** Everything kept. */
  get all(): readonly RequestRecord[] {
    return this.#records;
  }

  /** How many of the kept requests fit. */
  count(match: RequestMatch = {}): number {
    return this.#records.filter(record => matches(record, match)).length;
  }

  clear(): void {
    this.#records = [];
  }

  add(record: RequestRecord): void {
    this.#records.push(record);
    if (this.#records.length > RequestLog.#LIMIT * 1.1) this.#records = this.#records.slice(-RequestLog.#LIMIT);
  }
}

/** A record of a request that has no answer yet. */
export function requestRecord(method: string, url: URL, userAgent: string, api: ApiRequest | undefined): RequestRecord {
  const { verb, namespace, name, subresource } = api ?? {};
  const known = { verb, resource: api?.resource.name, namespace, name, subresource };
  const given = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return { method, path: url.pathname, query: url.search, userAgent, status: 0, ...given };
}
