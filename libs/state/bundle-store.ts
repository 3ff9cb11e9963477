import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Redis } from "ioredis";
import { type BundleFiles, bundleVersion } from "#core/bundle-files.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";

/** A mistake in a file of a bundle. */
export interface BundleProblem {
  /** Below the bundle's folder. */
  file: string;
  line?: number;
  /** One of #core/errors.ts. */
  code: string;
  message: string;
}

/** Somebody wants a version to be live, or only to know whether it could be. */
export interface BundleRequest {
  /** Counted from 1 for each bundle. */
  number: number;
  version: string;
  dryRun: boolean;
  at: number;
  by: string;
}

/** What came of a request. */
export interface BundleVerdict extends Pick<BundleRequest, "number" | "version" | "dryRun"> {
  at: number;
  /** Ids, where there is no problem. */
  dags: readonly string[];
  problems: readonly BundleProblem[];
}

/** A version that is kept. */
export interface BundleVersion {
  version: string;
  /** When it was first sent. */
  at: number;
  by: string;
  message?: string;
  files: number;
  sizeBytes: number;
}

export interface Bundle {
  name: string;
  /** The version whose DAGs are live. Absent: none was good so far. */
  active?: string;
  /** The last request. */
  request: BundleRequest;
  /** The last verdict: about the last request, or an earlier one while that is looked at. */
  verdict?: BundleVerdict;
  /** Youngest first. */
  versions: readonly BundleVersion[];
}

export interface PutBundle {
  name: string;
  files: BundleFiles;
  message?: string | undefined;
  dryRun: boolean;
  at: number;
  by: string;
}

/** DAG folders that somebody has sent. The leader looks at each before it goes live. */
export interface BundleStore {
  /** Stores the files and asks for them to go live. */
  put(bundle: PutBundle): Promise<BundleRequest>;
  /** Asks for a version that is kept. undefined: there is none. */
  ask(name: string, version: string, request: { at: number; by: string }): Promise<BundleRequest | undefined>;
  get(name: string): Promise<Bundle | undefined>;
  /** By name. */
  list(): Promise<Bundle[]>;
  files(name: string, version: string): Promise<BundleFiles | undefined>;
  /** The leader's answer. A verdict without problems on a request that is no dry run makes the version live. */
  settle(name: string, verdict: BundleVerdict): Promise<void>;
  /** Takes the bundle and its versions away. false: there was none. */
  remove(name: string, at: number): Promise<boolean>;
}

const KEPT_VERSIONS = 20;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

export function openBundleStore(redis: Redis, keys: Keys): BundleStore {
  const nudge = (at: number): string => `bundles\n\n${at}\n\n`;

  async function request(name: string, wanted: Omit<BundleRequest, "number">): Promise<BundleRequest> {
    const number = await redis.hincrby(keys.bundle(name), "number", 1);
    const made: BundleRequest = { number, ...wanted };
    await readPipeline(
      redis.multi().hset(keys.bundle(name), "request", JSON.stringify(made)).rpush(keys.inbox, nudge(wanted.at)),
    );
    return made;
  }

  async function get(name: string): Promise<Bundle | undefined> {
    const { request, active, verdict, ...fields } = await redis.hgetall(keys.bundle(name));
    if (request === undefined) return undefined;
    const versions = Object.entries(fields)
      .flatMap(([field, text]) => (field.startsWith("v:") ? [JSON.parse(text) as BundleVersion] : []))
      .sort((a, b) => b.at - a.at);
    return {
      name,
      ...(active === undefined ? {} : { active }),
      request: JSON.parse(request) as BundleRequest,
      ...(verdict === undefined ? {} : { verdict: JSON.parse(verdict) as BundleVerdict }),
      versions,
    };
  }

  /** The oldest go, but not the live one and not the one that is looked at. */
  async function dropOld(name: string): Promise<void> {
    const bundle = await get(name);
    const kept = new Set([bundle?.active, bundle?.request.version]);
    const old = (bundle?.versions ?? []).filter(({ version }) => !kept.has(version)).slice(KEPT_VERSIONS - kept.size);
    if (old.length === 0) return;
    const fields = old.map(({ version }) => `v:${version}`);
    await readPipeline(
      redis
        .multi()
        .hdel(keys.bundle(name), ...fields)
        .hdel(keys.bundleFiles(name), ...old.map(({ version }) => version)),
    );
  }

  return {
    get,

    async put({ name, files, message, dryRun, at, by }) {
      const version = bundleVersion(files);
      const text = JSON.stringify(files);
      const row: BundleVersion = {
        version,
        at,
        by,
        ...(message === undefined ? {} : { message }),
        files: Object.keys(files).length,
        sizeBytes: Buffer.byteLength(text),
      };
      const packed = await pack(text);
      // The files before the request that names them.
      await readPipeline(
        redis
          .multi()
          .hset(keys.bundleFiles(name), version, packed)
          .hsetnx(keys.bundle(name), `v:${version}`, JSON.stringify(row))
          .sadd(keys.bundles, name),
      );
      const made = await request(name, { version, dryRun, at, by });
      await dropOld(name);
      return made;
    },

    async ask(name, version, { at, by }) {
      if ((await redis.hexists(keys.bundleFiles(name), version)) === 0) return undefined;
      return request(name, { version, dryRun: false, at, by });
    },

    async list() {
      const names = (await redis.smembers(keys.bundles)).sort();
      const found = await Promise.all(names.map(get));
      return found.filter(bundle => bundle !== undefined);
    },

    async files(name, version) {
      const packed = await redis.hgetBuffer(keys.bundleFiles(name), version);
      return packed === null ? undefined : (JSON.parse((await unpack(packed)).toString("utf8")) as BundleFiles);
    },

    async settle(name, verdict) {
      const goesLive = verdict.problems.length === 0 && !verdict.dryRun;
      const fields = { verdict: JSON.stringify(verdict), ...(goesLive ? { active: verdict.version } : {}) };
      await redis.hset(keys.bundle(name), fields);
    },

    async remove(name, at) {
      const [removed] = await readPipeline(
        redis.multi().srem(keys.bundles, name).del(keys.bundle(name), keys.bundleFiles(name)).rpush(keys.inbox, nudge(at)),
      );
      return removed === 1;
    },
  };
}
