import assert from "node:assert/strict";
import { configMap, dag, fieldRef, resourceFieldRef, secret, serviceAccountToken } from "#sdk/index.ts";
import { checks, outcomeOf, shell } from "../../support/pod-checks.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { withFleet } from "../../support/with-fleet.ts";

const encoded = (data: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")]));

const secretOf = (name: string, data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name },
  data: encoded(data),
});
const configMapOf = (name: string, data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

/** What a pod task can say, held on every cluster. */
export function fieldsContract(name: string, open: () => Promise<TestCluster>): void {
  describe(`the fields of a pod task on ${name}`, () => {
    it("env: literals, Secret and ConfigMap keys, the pod's own fields and resources, in order", () =>
      withFleet(open, async (fleet, cluster) => {
        await cluster.create(secretOf("db", { password: "p-1", user: "u-1" }));
        await cluster.create(configMapOf("settings", { level: "debug" }));
        const outcome = await outcomeOf(fleet, {
          ...shell(
            checks(
              '[ "$PLAIN" = one ]',
              '[ "$JOINED" = one-two ]',
              '[ "$PASS_WORD" = p-1 ]',
              '[ "$DB_user" = u-1 ]',
              '[ "$LEVEL" = debug ]',
              '[ "$level" = debug ]',
              '[ -z "$ABSENT" ]',
              '[ -n "$POD" ]',
              `[ "$SPACE" = ${cluster.namespace} ]`,
              '[ "$TEAM" = web ]',
              '[ "$MEMORY" = 64 ]',
            ),
          ),
          env: {
            PLAIN: "one",
            JOINED: "$(PLAIN)-two",
            PASS_WORD: secret.env("db", "password"),
            ABSENT: secret("none", "none", { optional: true }),
            LEVEL: configMap.env("settings", "level"),
            POD: fieldRef("metadata.name"),
            SPACE: fieldRef("metadata.namespace"),
            TEAM: fieldRef("metadata.labels['team']"),
            MEMORY: resourceFieldRef("limits.memory", { divisor: "1Mi" }),
          },
          envFrom: [secret.envFrom("db", "DB_"), configMap.envFrom("settings")],
          labels: { team: "web" },
          resources: { limits: { memory: "64Mi" } },
        });
        assert.match(outcome, /^Completed 0/);
      }));

    it("mounts: Secret, ConfigMap, projected, downward API, token with an audience, scratch space", () =>
      withFleet(open, async (fleet, cluster) => {
        await cluster.create(secretOf("tls", { "tls.key": "k-1", "tls.crt": "c-1" }));
        await cluster.create(configMapOf("settings", { "app.ini": "x=1" }));
        const outcome = await outcomeOf(fleet, {
          ...shell(
            checks(
              '[ "$(cat /etc/tls/key.pem)" = k-1 ]',
              "[ ! -e /etc/tls/tls.crt ]",
              '[ "$(cat /etc/app/app.ini)" = x=1 ]',
              '[ "$(cat /etc/all/crt)$(cat /etc/all/ini)" = c-1x=1 ]',
              '[ "$(cat /etc/pod/team)" = web ]',
              "echo hello > /scratch/file",
              '[ "$(cat /scratch/file)" = hello ]',
              // The claims are the token's second part, without the padding that base64 wants.
              `cut -d. -f2 /var/run/vault/token | tr '_-' '/+' | sed 's/$/==/' | base64 -d 2>/dev/null | grep -q '"vault"'`,
            ),
          ),
          labels: { team: "web" },
          mounts: [
            secret.file("tls", { path: "/etc/tls", items: { "tls.key": "key.pem" }, mode: 0o400 }),
            configMap.file("settings", { path: "/etc/app" }),
            {
              path: "/etc/all",
              source: {
                projected: {
                  sources: [
                    { secret: { name: "tls", items: [{ key: "tls.crt", path: "crt" }] } },
                    { configMap: { name: "settings", items: [{ key: "app.ini", path: "ini" }] } },
                  ],
                },
              },
            },
            {
              path: "/etc/pod",
              source: { downwardAPI: { items: [{ path: "team", fieldRef: { fieldPath: "metadata.labels['team']" } }] } },
            },
            serviceAccountToken({ audience: "vault", path: "/var/run/vault/token" }),
            { path: "/scratch", source: { emptyDir: {} } },
          ],
        });
        assert.match(outcome, /^Completed 0/);
      }));

    it("init containers run before the task, native sidecars and extra containers beside it; the task's end is the try's", () =>
      withFleet(open, async fleet => {
        const shared = [{ name: "shared", mountPath: "/shared" }];
        const outcome = await outcomeOf(fleet, {
          ...shell(
            checks(
              '[ "$(cat /shared/order)" = "first second" ]',
              "for i in $(seq 100); do [ -e /shared/side ] && [ -e /shared/extra ] && break; sleep 0.1; done",
              "[ -e /shared/side ]",
              "[ -e /shared/extra ]",
            ),
          ),
          volumes: [{ name: "shared", emptyDir: {} }],
          volumeMounts: shared,
          initContainers: [
            { name: "first", image: "busybox:1.36", command: ["sh", "-c", "printf first > /shared/order"], volumeMounts: shared },
            {
              name: "second",
              image: "busybox:1.36",
              command: ["sh", "-c", "printf ' second' >> /shared/order"],
              volumeMounts: shared,
            },
          ],
          sidecars: [
            {
              name: "side",
              image: "busybox:1.36",
              command: ["sh", "-c", "touch /shared/side; sleep 1000"],
              volumeMounts: shared,
            },
          ],
          extraContainers: [
            {
              name: "extra",
              image: "busybox:1.36",
              command: ["sh", "-c", "touch /shared/extra; sleep 1000"],
              volumeMounts: shared,
            },
          ],
        });
        assert.match(outcome, /^Completed 0/);
      }));

    it("layers: installation < podDefaults < podTemplate < task < podOverride", () =>
      withFleet(open, async fleet => {
        const variables = (layer: string, ...names: string[]) => ({
          spec: { containers: [{ name: "main", env: names.map(name => ({ name, value: layer })) }] },
        });
        await Promise.all([
          fleet.scheduler(),
          fleet.worker({
            WINDLASS_POD_TEMPLATE: fleet.file("pod.yaml", JSON.stringify(variables("site", "A", "B", "C", "D", "E"))),
          }),
        ]);
        const spec = dag("layers", { podDefaults: variables("dag", "B", "C", "D", "E") }, d => {
          d.pod("task", {
            ...shell(checks('[ "$A$B$C$D$E$F" = sitedagtemplatetaskoverridefunction ]')),
            podTemplate: variables("template", "C", "D", "E"),
            env: { D: "task", E: "task" },
            podOverride: pod => {
              pod.spec.containers[0]!.env!.find(({ name }) => name === "E")!.value = "override";
              pod.spec.containers[0]!.env!.push({ name: "F", value: "function" });
              return pod;
            },
          });
        });
        const run = await fleet.start(spec);
        const { state } = await fleet.ended(run, 90_000);
        assert.equal(state, "success");
      }));

    it("what the API server refuses fails at once, with the layer and the line that said it", () =>
      withFleet(open, async fleet => {
        const outcome = await outcomeOf(fleet, {
          ...shell("true"),
          podOverride: { spec: { containers: [{ name: "main", volumeMounts: [{ name: "nowhere", mountPath: "/x" }] }] } },
        });
        assert.match(
          outcome,
          /^Invalid .*; set by podOverride\.spec\.containers\[main\]\.volumeMounts\[\/x\]\.name of task 'task' \(\S+\.ts:\d+\)/,
        );
      }));
  });
}
