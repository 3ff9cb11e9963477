import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import express from "express";
import { webFiles } from "../../../services/dashboard/web-files.ts";

const SCRIPT = "console.log('pages');";

describe("dashboard: the built pages", () => {
  let dist: string;
  let server: Server;
  beforeEach(async () => {
    dist = mkdtempSync(join(tmpdir(), "windlass-web-"));
    const app = express()
      .use(webFiles(dist))
      .use((_request, response) => void response.status(404).send("no page"));
    server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(async () => {
    server.close();
    await once(server, "close");
    rmSync(dist, { recursive: true });
  });

  function build(): void {
    mkdirSync(join(dist, "assets"));
    writeFileSync(join(dist, "index.html"), "<!doctype html><title>Windlass</title>");
    writeFileSync(join(dist, "theme.js"), "// theme");
    writeFileSync(join(dist, "assets/index-abc.js"), SCRIPT);
    writeFileSync(join(dist, "assets/index-abc.js.gz"), gzipSync(SCRIPT));
  }

  /** Plain: fetch would unpack what comes, and say that it accepts anything. */
  const ask = (path: string, headers: Record<string, string> = { accept: "text/html" }) =>
    new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      request({ port, host: "127.0.0.1", path, headers, agent: false }, async response => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      })
        .on("error", reject)
        .end();
    });

  it("answers every path of the address bar with the entry, which is never kept", async () => {
    build();
    for (const path of ["/", "/dags", "/runs/etl~manual-2026.11", "/runs/a~1/tasks/load.clean@3?try=2", "/apiary"]) {
      const { status, headers, body } = await ask(path);
      assert.deepEqual([status, headers["cache-control"], /Windlass/.test(body.toString())], [200, "no-cache", true], path);
    }
  });

  it("leaves to others what is no page", async () => {
    build();
    for (const path of ["/api/v1/nope", "/api", "/queues/x", "/problems/WL_X", "/assets/gone-123.js"])
      assert.equal((await ask(path)).status, 404, path);
    assert.equal((await ask("/dags", { accept: "application/json" })).status, 404);
  });

  it("lets browsers keep hashed files for ever, packed where they take that", async () => {
    build();
    const packed = await ask("/assets/index-abc.js", { "accept-encoding": "gzip, br" });
    assert.deepEqual(
      [
        packed.status,
        packed.headers["content-encoding"],
        packed.headers["cache-control"],
        packed.headers["content-type"],
        packed.headers.vary,
      ],
      [200, "gzip", "public, max-age=31536000, immutable", "text/javascript; charset=utf-8", "Accept-Encoding"],
    );
    assert.equal(gunzipSync(packed.body).toString(), SCRIPT);
    const plain = await ask("/assets/index-abc.js", {});
    assert.deepEqual([plain.headers["content-encoding"], plain.body.toString()], [undefined, SCRIPT]);
    assert.equal((await ask("/theme.js")).headers["cache-control"], "no-cache");
  });

  it("leads nobody out of its folder", async () => {
    build();
    writeFileSync(join(dist, "..", "windlass-web-secret.txt"), "secret");
    try {
      for (const path of [
        "/../windlass-web-secret.txt",
        "/assets/..%2f..%2fwindlass-web-secret.txt",
        "/%2e%2e/windlass-web-secret.txt",
      ])
        assert.doesNotMatch((await ask(path)).body.toString(), /secret/, path);
    } finally {
      rmSync(join(dist, "..", "windlass-web-secret.txt"));
    }
  });

  it("says how to build them when they are not built", async () => {
    const { status, body } = await ask("/");
    assert.equal(status, 503);
    assert.match(body.toString(), /npm run build:web/);
  });
});
