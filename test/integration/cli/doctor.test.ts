import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { kubeconfigFor } from "#localcluster/kubeconfig.ts";
import { doctorCommand } from "../../../services/cli/commands/doctor.ts";
import type { Finding } from "../../../services/cli/doctor/finding.ts";
import { NEEDED_RIGHTS, type Right } from "../../../services/cli/doctor/worker-rights.ts";
import { freePort } from "../../../services/cli/redis/redis-server.ts";
import { writeKubeconfig } from "../../bench/write-kubeconfig.ts";
import { type RedisServer, startRedis } from "../../support/redis.ts";
import { runCommand } from "../../support/run-command.ts";

const WORKER = "system:serviceaccount:jobs:windlass-worker";
const textOf = ({ group, resource, verb }: Right): string => `${verb} ${group}/${resource}`;
const needed = NEEDED_RIGHTS.map(textOf);

interface Review {
  kind: string;
  spec?: {
    user?: string;
    resourceAttributes: { namespace: string; verb: string; group: string; resource: string; subresource?: string };
  };
}

/** An API server that only answers reviews, by who is allowed what. */
async function openReviewer() {
  const state = { me: WORKER, rights: new Map<string, readonly string[]>(), skewMs: 0, asked: 0 };
  const server: Server = createServer(async (request, response) => {
    response.setHeader("date", new Date(Date.now() + state.skewMs).toUTCString());
    const send = (body: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    if (request.url === "/version") return send({ gitVersion: "v1.36.0" });
    let text = "";
    for await (const chunk of request) text += chunk;
    const review = JSON.parse(text) as Review;
    if (review.kind === "SelfSubjectReview") return send({ status: { userInfo: { username: state.me } } });
    state.asked++;
    const { verb, group, resource, subresource, namespace } = review.spec!.resourceAttributes;
    const whole = `${verb} ${group}/${resource}${subresource === undefined ? "" : `/${subresource}`}`;
    const user = review.kind === "SubjectAccessReview" ? review.spec!.user! : state.me;
    send({ status: { allowed: namespace === "jobs" && state.rights.get(user)?.includes(whole) === true } });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    state,
    kubeconfig: kubeconfigFor(`http://127.0.0.1:${port}`),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

describe("windlass doctor", () => {
  let redis: RedisServer;
  let reviewer: Awaited<ReturnType<typeof openReviewer>>;
  let env: Record<string, string>;
  let forget: () => void;
  before(async () => {
    redis = await startRedis({ aof: true });
  });
  after(() => redis.stop());
  beforeEach(async () => {
    reviewer = await openReviewer();
    const file = writeKubeconfig(reviewer.kubeconfig);
    forget = file.remove;
    env = { REDIS_URL: redis.url, KUBECONFIG: file.path, WINDLASS_NAMESPACE: "jobs" };
    reviewer.state.rights.set(WORKER, needed);
  });
  afterEach(async () => {
    await reviewer.close();
    forget();
  });

  const doctor = async (line: string, more: Record<string, string> = {}) => {
    const words = ["doctor", ...line.split(" ").filter(Boolean), "-o", "json"];
    const { exitCode, out, said } = await runCommand(doctorCommand, words, { env: { ...env, ...more } });
    assert.ok(out !== "", said.join("\n"));
    const findings = JSON.parse(out) as Finding[];
    const wrong = findings.filter(({ state }) => state === "wrong");
    assert.equal(exitCode, wrong.length === 0 ? 0 : 1);
    for (const { sentence, fix } of wrong) assert.ok(fix, `'${sentence}' has no fix`);
    return { findings, wrong: wrong.map(({ sentence }) => sentence) };
  };

  it("finds nothing wrong with a right installation, and looks at everything", async () => {
    const { findings, wrong } = await doctor("--skip server --skip ports");
    assert.deepEqual(wrong, []);
    assert.deepEqual(
      findings.map(({ check, state }) => `${check} ${state}`),
      ["node ok", "redis ok", "redis ok", "clock ok", "cluster ok", "clock ok", "rights ok", "rights ok", "rights ok"],
    );
  });

  for (const right of needed) {
    it(`names '${right}' when the role lacks it`, async () => {
      reviewer.state.rights.set(
        WORKER,
        needed.filter(one => one !== right),
      );
      const [verb, resource] = right.split(" /");
      assert.deepEqual((await doctor("--only rights")).wrong, [`${WORKER} may not ${verb} ${resource} in jobs`]);
    });
  }

  it("names what a worker has too much, and secrets above all", async () => {
    reviewer.state.rights.set(WORKER, [...needed, "get /secrets", "create /pods/exec"]);
    assert.deepEqual((await doctor("--only rights")).wrong, [`${WORKER} may get secrets`, `${WORKER} may also create pods/exec`]);
  });

  it("does not blame a person for being one, and judges the workers' account with --as", async () => {
    reviewer.state.me = "ann";
    reviewer.state.rights.set("ann", [...needed, "get /secrets"]);
    reviewer.state.rights.set(WORKER, needed.slice(1));
    const own = await doctor("--only rights");
    assert.deepEqual([own.wrong, own.findings.map(({ state }) => state)], [[], ["ok", "note", "ok"]]);
    assert.deepEqual((await doctor(`--only rights --as ${WORKER}`)).wrong, [`${WORKER} may not create pods in jobs`]);
  });

  it("names settings of Redis that lose data", async () => {
    const careless = await startRedis();
    try {
      assert.match((await doctor("--only redis", { REDIS_URL: careless.url })).wrong.join(), /aof_enabled is '0'/);
    } finally {
      await careless.stop();
    }
  });

  it("says that Redis, the cluster and the server do not answer", async () => {
    const nowhere = `127.0.0.1:${await freePort()}`;
    const { wrong } = await doctor("--only redis --only cluster --only server", {
      REDIS_URL: `redis://user:secret@${nowhere}`,
      WINDLASS_KUBE_SERVER: `http://${nowhere}`,
      WINDLASS_URL: `http://${nowhere}`,
    });
    assert.equal(wrong.length, 3);
    assert.ok(!JSON.stringify(wrong).includes("secret"));
  });

  it("names a clock that is off", async () => {
    reviewer.state.skewMs = 60_000;
    assert.match((await doctor("--only clock")).wrong.join(), /^differs from the API server by (59|60)\.\d s$/);
  });

  it("names a port that another program has", async () => {
    const other = createServer((_request, response) => response.writeHead(404).end()).listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    try {
      const ports = { WINDLASS_PORT: String(port), WINDLASS_HEALTH_PORT: "0" };
      assert.deepEqual((await doctor("--only ports", ports)).wrong, [`127.0.0.1:${port} is taken by another program`]);
    } finally {
      other.closeAllConnections();
      other.close();
      await once(other, "close");
    }
  });
});
