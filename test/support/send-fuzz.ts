import { Agent, request } from "node:http";
import fc from "fast-check";
import { routes } from "../../services/dashboard/routes/index.ts";
import { arbitraryRequest, type FuzzRequest } from "./arbitrary-request.ts";

export interface FuzzResult {
  /** How often each status was answered. */
  statuses: Map<number, number>;
  /** What must not be: a 5xx, no answer, a refusal that is no problem document. */
  broken: string[];
}

const AT_ONCE = 16;
const BATCH = 500;
/** No answer within this is none. */
const DEADLINE_MS = 20_000;

/** Sends so many made-up requests to a server, the same for the same seed. */
export async function sendFuzz(url: string, count: number, seed: number): Promise<FuzzResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const result: FuzzResult = { statuses: new Map(), broken: [] };
  const arbitrary = arbitraryRequest(routes);
  try {
    for (let sent = 0; sent < count; sent += BATCH) {
      const batch = fc.sample(arbitrary, { numRuns: Math.min(BATCH, count - sent), seed: seed + sent });
      await Promise.all(Array.from({ length: AT_ONCE }, () => work(url, agent, batch, result)));
    }
  } finally {
    agent.destroy();
  }
  return result;
}

async function work(url: string, agent: Agent, batch: FuzzRequest[], { statuses, broken }: FuzzResult): Promise<void> {
  for (let one = batch.pop(); one !== undefined; one = batch.pop()) {
    const { status, type } = await send(url, agent, one).catch((error: unknown) => ({ status: 0, type: String(error) }));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const isProblem = type.startsWith("application/problem+json") || one.method === "HEAD";
    if (status === 0 || status >= 500 || (status >= 400 && !isProblem))
      broken.push(`${status} ${type} ${one.method} ${one.path} ${JSON.stringify(one.headers)} ${one.body?.slice(0, 2_000)}`);
  }
}

/** Status and type of the answer; what is streamed is not waited for. */
function send(
  url: string,
  agent: Agent,
  { method, path, headers, body }: FuzzRequest,
): Promise<{ status: number; type: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent, timeout: DEADLINE_MS }, response => {
      const answer = { status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "" };
      if (answer.type.startsWith("text/event-stream")) {
        response.destroy();
        resolve(answer);
        return;
      }
      response.resume();
      response.once("end", () => resolve(answer));
      response.once("error", reject);
    });
    outgoing.once("timeout", () => outgoing.destroy(new Error("no answer")));
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}
