import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { S3Options } from "#logstore/s3/s3-bucket.ts";
import { freePort } from "../../services/cli/redis/redis-server.ts";
import { until } from "./until.ts";

const VERSION = "v1.8.0";
const MODULE = "github.com/versity/versitygw/cmd/versitygw";

export interface RealS3Server {
  options: S3Options;
  close(): Promise<void>;
}

/**
 * A real S3 server with a bucket in a folder of its own: versitygw (Apache-2.0), which checks signatures and ranges as S3 does.
 * Built by Go the first time, which takes a minute or two; kept in the cache folder of the user.
 */
export async function startRealS3Server(): Promise<RealS3Server> {
  const program = await buildServer();
  const dir = mkdtempSync(join(tmpdir(), "windlass-s3-"));
  mkdirSync(join(dir, "logs"));
  const port = await freePort();
  const [accessKeyId, secretAccessKey] = ["test-key", randomBytes(16).toString("hex")];
  const child = spawn(program, ["--quiet", "--port", `127.0.0.1:${port}`, "posix", dir], {
    env: { PATH: process.env.PATH, ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey },
    stdio: "ignore",
  });
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      response => response.status > 0,
      () => false,
    );
  await until(answers, { deadlineMs: 10_000, what: "the answer of the S3 server" });
  return {
    options: { url: `http://127.0.0.1:${port}/logs`, region: "us-east-1", accessKeyId, secretAccessKey },
    async close() {
      child.kill("SIGKILL");
      await once(child, "exit");
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function buildServer(): Promise<string> {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "windlass-tests", `versitygw-${VERSION}`);
  const program = join(folder, "versitygw");
  if (!existsSync(program)) {
    await promisify(execFile)("go", ["install", `${MODULE}@${VERSION}`], {
      env: { ...process.env, GOBIN: folder },
      timeout: 600_000,
    });
  }
  return program;
}
