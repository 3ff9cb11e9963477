import { onShutdown } from "#runtime/signals.ts";
import { version } from "#runtime/version.ts";
import { defineCommand } from "../frame/command.ts";
import { flag, parsed, text, withDefault } from "../frame/option.ts";
import { wholeNumber } from "../input/parse-number.ts";

/** Where and on what everything of Windlass runs locally. */
export const DEV_OPTIONS = {
  port: withDefault(parsed("--port <number>", "the dashboard's port, or the next free one", wholeNumber(0)), 8080),
  kubeContext: text("--kube-context <name>", "have the pods in that context of your kubeconfig, not in the embedded cluster"),
  namespace: withDefault(text("-n, --namespace <name>", "namespace of the pods"), "default"),
  dags: withDefault(text("--dags <folder>", "the folder of DAG files", { complete: "file" }), "dags"),
  verbose: flag("-v, --verbose", "tell what the services do"),
} as const;

export const devCommand = defineCommand({
  name: "dev",
  summary: "Run all of Windlass on this machine: Redis, an embedded cluster, scheduler, worker, dashboard.",
  details: "Redis is REDIS_URL, else one found on this machine, else installed. Data lies in .windlass. Not for production.",
  args: {},
  options: DEV_OPTIONS,
  async run({ options }, context) {
    const { io } = context;
    const { startDevStack } = await import("../dev-stack.ts");
    const { port, kubeContext, namespace, dags: dagsDir, verbose } = options;
    const logLevel = verbose ? "info" : "warn";
    const stack = await startDevStack({ port, kubeContext, namespace, dagsDir, dataDir: ".windlass", logLevel }, line =>
      io.say(line),
    );
    onShutdown(() => stack.close(), { deadlineMs: 20_000 });
    const { dashboardUrl: url, redis, pods, kubeconfig } = stack;
    const data = {
      url,
      board: `${url}/queues`,
      api: `${url}/api/v1`,
      redis,
      pods,
      dags: dagsDir,
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
    };
    const lines = [
      `windlass ${version} dev server, not for production (ready in ${(performance.now() / 1_000).toFixed(1)} s)`,
      `  Dashboard     ${url}   (login off: bound to loopback)`,
      `  Bull Board    ${data.board}`,
      `  API           ${data.api}`,
      `  Redis         ${redis}`,
      `  Pods          ${pods}`,
      ...(kubeconfig === undefined ? [] : [`  kubectl       kubectl --kubeconfig ${kubeconfig} get pods`]),
      `  DAGs          ${dagsDir}, watched: a saved file is live within a second`,
      `Try:  npx windlass dags trigger kubernetes_sample --watch`,
    ];
    await context.show({ data, rows: [data], columns: [], name: row => row.url, lines });
  },
});
