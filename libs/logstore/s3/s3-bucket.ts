import { setTimeout as sleep } from "node:timers/promises";
import { AwsClient } from "aws4fetch";

export interface S3Options {
  /** Of the bucket itself, with its name in the path or in the host: "https://s3.example.org/logs". */
  url: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/** An object, by its key. */
export interface S3Object {
  key: string;
  sizeBytes: number;
}

/** What a log store needs of S3. Calls are repeated twice while the error is transient; then they throw. */
export interface S3Bucket {
  list(prefix: string): Promise<S3Object[]>;
  /** @returns undefined when there is no such object */
  read(key: string, fromByte: number, toByte: number): Promise<Buffer | undefined>;
  write(key: string, body: Buffer): Promise<void>;
  /** An object that is not there counts as removed. */
  remove(keys: readonly string[]): Promise<void>;
}

const TRIES = 3;
const RETRY_MS = 200;
const ANSWER_WITHIN_MS = 30_000;
const REMOVE_AT_ONCE = 16;

interface Request {
  method: "GET" | "PUT" | "DELETE";
  key?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Buffer;
}

/** A bucket of an S3-compatible store, over the four calls that all of them have. */
export function openS3Bucket({ url, ...credentials }: S3Options): S3Bucket {
  const aws = new AwsClient({ ...withoutUndefined(credentials), service: "s3", retries: 0 });
  const base = url.replace(/\/+$/, "");

  async function once({ method, key, query = {}, headers = {}, body }: Request): Promise<Response> {
    const target = new URL(key === undefined ? `${base}/` : `${base}/${key.split("/").map(encodeURIComponent).join("/")}`);
    for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
    const signed = await aws.sign(target.href, {
      method,
      headers,
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    });
    return fetch(signed, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  }

  async function ask(request: Request, ...expected: number[]): Promise<Response> {
    for (let tried = 1; ; tried++) {
      let trouble: unknown;
      try {
        const response = await once(request);
        if (expected.includes(response.status)) return response;
        trouble = new Error(
          `${request.method} ${request.key ?? "the bucket"}: ${response.status} ${excerpt(await response.text())}`,
        );
        if (response.status < 500 && response.status !== 429 && response.status !== 408) throw new Refused(trouble as Error);
      } catch (error) {
        if (error instanceof Refused) throw error.cause;
        trouble ??= new Error(`${request.method} ${request.key ?? "the bucket"}: no answer`, { cause: error });
      }
      if (tried === TRIES) throw trouble;
      await sleep(RETRY_MS * 4 ** (tried - 1));
    }
  }

  const removeOne = async (key: string): Promise<void> => {
    await discard(await ask({ method: "DELETE", key }, 204, 200, 404));
  };

  return {
    async list(prefix) {
      const found: S3Object[] = [];
      let token: string | undefined;
      do {
        const query = {
          "list-type": "2",
          "encoding-type": "url",
          prefix,
          ...(token === undefined ? {} : { "continuation-token": token }),
        };
        const page = await (await ask({ method: "GET", query }, 200)).text();
        found.push(...objectsIn(page));
        token = textIn(page, "NextContinuationToken");
      } while (token !== undefined);
      return found;
    },

    async read(key, fromByte, toByte) {
      const response = await ask({ method: "GET", key, headers: { range: `bytes=${fromByte}-${toByte - 1}` } }, 206, 200, 404);
      if (response.status !== 404) return Buffer.from(await response.arrayBuffer());
      await discard(response);
      return undefined;
    },

    async write(key, body) {
      await discard(await ask({ method: "PUT", key, body, headers: { "content-type": "text/plain; charset=utf-8" } }, 200));
    },

    async remove(keys) {
      for (let at = 0; at < keys.length; at += REMOVE_AT_ONCE)
        await Promise.all(keys.slice(at, at + REMOVE_AT_ONCE).map(removeOne));
    },
  };
}

/** An answer that repeating will not change. */
class Refused extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** The connection is free again only when the body was read. */
const discard = async (response: Response): Promise<void> => void (await response.arrayBuffer());

const excerpt = (text: string): string =>
  text
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, 300);

const ENTITIES: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'" };

/** The text of the first element of that name. */
function textIn(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text === undefined || text === "" ? undefined : text.replaceAll(/&\w+;/g, entity => ENTITIES[entity] ?? entity);
}

/** The keys of a listing are URL-encoded, which spares a parser for what XML can hide in a text. */
function objectsIn(page: string): S3Object[] {
  const encoded = textIn(page, "EncodingType") === "url";
  return [...page.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].map(([, entry]) => {
    const key = textIn(entry!, "Key") ?? "";
    return { key: encoded ? decodeURIComponent(key.replaceAll("+", " ")) : key, sizeBytes: Number(textIn(entry!, "Size")) };
  });
}

const withoutUndefined = <T extends object>(from: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
