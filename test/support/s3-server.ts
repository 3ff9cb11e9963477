import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { S3Options } from "#logstore/s3/s3-bucket.ts";

/** The four calls of S3 that the log store uses, in memory. Where it differs from a real server (test/cluster), it is wrong. */
export interface S3Server {
  options: S3Options;
  objects: ReadonlyMap<string, Buffer>;
  /** Requests so far, by method. */
  count(method: string): number;
  /** The next requests of the method are answered with this status, `times` times. */
  fail(method: string, status: number, times: number): void;
  close(): Promise<void>;
}

const BUCKET = "logs";
const PAGE = 100;

export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const counts = new Map<string, number>();
  let faults: { method: string; status: number; left: number }[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET" } = request;
    const url = new URL(request.url ?? "/", "http://s3");
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    counts.set(method, (counts.get(method) ?? 0) + 1);
    const fault = faults.find(one => one.method === method);
    if (fault !== undefined) {
      fault.left--;
      faults = faults.filter(one => one.left > 0);
      return refuse(response, fault.status, "SlowDown");
    }
    if (!request.headers.authorization?.includes("Credential=test-key/")) return refuse(response, 403, "AccessDenied");
    if (!url.pathname.startsWith(`/${BUCKET}/`)) return refuse(response, 404, "NoSuchBucket");
    const key = decodeURIComponent(url.pathname.slice(BUCKET.length + 2));
    if (method === "PUT") objects.set(key, body);
    else if (method === "DELETE") objects.delete(key);
    else if (key === "") return list(objects, url.searchParams, response);
    else return get(objects.get(key), request.headers.range, response);
    response.writeHead(method === "PUT" ? 200 : 204).end();
  };

  const server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    options: {
      url: `http://127.0.0.1:${port}/${BUCKET}`,
      region: "us-east-1",
      accessKeyId: "test-key",
      secretAccessKey: "test-secret",
    },
    objects,
    count: method => counts.get(method) ?? 0,
    fail: (method, status, left) => void faults.push({ method, status, left }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml" }).end(`<Error><Code>${code}</Code></Error>`);
}

function get(object: Buffer | undefined, range: string | undefined, response: ServerResponse): void {
  if (object === undefined) return refuse(response, 404, "NoSuchKey");
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
  if (from === undefined) return void response.writeHead(200).end(object);
  response.writeHead(206).end(object.subarray(Number(from), Number(to) + 1));
}

/** Keys in order, a page at a time, URL-encoded. */
function list(objects: ReadonlyMap<string, Buffer>, query: URLSearchParams, response: ServerResponse): void {
  const after = query.get("continuation-token") ?? "";
  const keys = [...objects.keys()].filter(key => key.startsWith(query.get("prefix") ?? "") && key > after).sort();
  const page = keys.slice(0, PAGE);
  const more = keys.length > PAGE;
  const entries = page.map(
    key => `<Contents><Key>${encodeURIComponent(key)}</Key><Size>${objects.get(key)!.length}</Size></Contents>`,
  );
  const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : "";
  response
    .writeHead(200, { "content-type": "application/xml" })
    .end(
      `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${next}${entries.join("")}</ListBucketResult>`,
    );
}
