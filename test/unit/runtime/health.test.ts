import assert from "node:assert/strict";
import type { Check } from "#runtime/health.ts";
import { startHealthServer } from "#runtime/health-server.ts";
import { Counter, createMetrics } from "#runtime/metrics.ts";
import { version } from "#runtime/version.ts";

describe("runtime/health", () => {
  const well: Check = async () => "3 ms";
  const ill: Check = () => Promise.reject(new Error("connection refused"));
  const silent: Check = () => Promise.withResolvers<string>().promise;

  async function answers(checks: Record<string, Check>, paths: readonly string[]): Promise<[number, string][]> {
    const metrics = createMetrics("tester");
    new Counter({ name: "tests_total", help: "tests", registers: [metrics] }).inc(7);
    const server = await startHealthServer({ service: "tester", port: 0, checks, metrics, checkTimeoutMs: 20 });
    const awake = setInterval(() => undefined, 1_000);
    try {
      const out: [number, string][] = [];
      for (const path of paths) {
        const response = await fetch(`${server.url}${path}`);
        out.push([response.status, await response.text()]);
      }
      return out;
    } finally {
      clearInterval(awake);
      await server.close();
    }
  }

  it("is alive whatever its checks say, and ready only when all are well", async () => {
    const table: [string, Record<string, Check>, [number, string][]][] = [
      [
        "well",
        { redis: well },
        [
          [200, "ok\n"],
          [200, "ok\n"],
          [200, "[+] redis ok: 3 ms\nok\n"],
        ],
      ],
      [
        "one ill",
        { redis: ill, kube: well },
        [
          [200, "ok\n"],
          [503, "[-] redis failed: connection refused\n[+] kube ok: 3 ms\nnot ready\n"],
          [503, "[-] redis failed: connection refused\n[+] kube ok: 3 ms\nnot ready\n"],
        ],
      ],
      [
        "silent",
        { redis: silent },
        [
          [200, "ok\n"],
          [503, "[-] redis failed: no answer within 20 ms\nnot ready\n"],
          [503, "[-] redis failed: no answer within 20 ms\nnot ready\n"],
        ],
      ],
    ];
    for (const [name, checks, expected] of table) {
      assert.deepEqual(await answers(checks, ["/livez", "/readyz", "/readyz?verbose"]), expected, name);
    }
  });

  it("serves metrics with the service's label, the version, and 404 for the rest", async () => {
    const [metrics, about, unknown, proto] = await answers({}, ["/metrics", "/version", "/elsewhere", "/constructor"]);
    assert.match(metrics?.[1] ?? "", /^tests_total\{service="tester"\} 7$/m);
    assert.match(metrics?.[1] ?? "", /^process_cpu_seconds_total/m);
    assert.deepEqual(JSON.parse(about?.[1] ?? ""), { name: "windlass", service: "tester", version });
    assert.equal(unknown?.[0], 404);
    assert.equal(proto?.[0], 404);
  });
});
