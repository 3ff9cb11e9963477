import type { Metrics } from "./metrics.ts";
import { version } from "./version.ts";

/** Resolves when the thing is well (a text is shown beside it), rejects with the reason when it is not. */
export type Check = (signal: AbortSignal) => Promise<string | undefined>;

export interface HealthOptions {
  service: string;
  /** What has to be well before the service is ready, by name. Liveness never asks them. */
  checks: Readonly<Record<string, Check>>;
  metrics: Metrics;
  /** How long one check may take. Default 1 s. */
  checkTimeoutMs?: number;
}

export interface HealthAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** The answers of a service to `/livez`, `/readyz` (`?verbose`), `/metrics` and `/version`. */
export interface Health {
  /**
   * @param url path and query as the request line has them
   * @returns undefined for any other path
   */
  answer(url: string): Promise<HealthAnswer | undefined>;
}

export const HEALTH_PATHS = ["/livez", "/readyz", "/metrics", "/version"] as const;
type HealthPath = (typeof HEALTH_PATHS)[number];

const isHealthPath = (path: string): path is HealthPath => (HEALTH_PATHS as readonly string[]).includes(path);

const PLAIN = "text/plain; charset=utf-8";

export function createHealth({ service, checks, metrics, checkTimeoutMs = 1_000 }: HealthOptions): Health {
  const pages: Readonly<Record<HealthPath, (query: URLSearchParams) => Promise<HealthAnswer>>> = {
    // Answering at all is the proof: an outage of Redis must not make Kubernetes restart every process.
    "/livez": async () => ({ status: 200, contentType: PLAIN, body: "ok\n" }),
    "/readyz": async query => {
      const results = await Promise.all(Object.entries(checks).map(([name, check]) => examine(name, check, checkTimeoutMs)));
      const well = results.every(result => result.well);
      const lines = query.has("verbose") || !well ? results.map(result => result.line) : [];
      return { status: well ? 200 : 503, contentType: PLAIN, body: `${[...lines, well ? "ok" : "not ready"].join("\n")}\n` };
    },
    "/metrics": async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.metrics() }),
    "/version": async () => ({
      status: 200,
      contentType: "application/json",
      body: `${JSON.stringify({ name: "windlass", service, version })}\n`,
    }),
  };
  return {
    answer: async url => {
      const [path = "", query = ""] = url.split("?", 2);
      return isHealthPath(path) ? pages[path](new URLSearchParams(query)) : undefined;
    },
  };
}

async function examine(name: string, check: Check, timeoutMs: number): Promise<{ well: boolean; line: string }> {
  const signal = AbortSignal.timeout(timeoutMs);
  const late = Promise.withResolvers<never>();
  const onLate = (): void => late.reject(new Error(`no answer within ${timeoutMs} ms`));
  signal.addEventListener("abort", onLate, { once: true });
  try {
    const note = await Promise.race([check(signal), late.promise]);
    return { well: true, line: `[+] ${name} ok${note === undefined ? "" : `: ${note}`}` };
  } catch (error) {
    return { well: false, line: `[-] ${name} failed: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    signal.removeEventListener("abort", onLate);
  }
}
