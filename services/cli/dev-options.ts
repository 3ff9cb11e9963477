import { parseArgs } from "node:util";

export interface DevOptions {
  /** Preferred port of the dashboard; the next free one is taken. */
  port: number;
  /** A context of the user's kubeconfig; absent: the embedded cluster. */
  kubeContext: string | undefined;
  namespace: string;
  dagsDir: string;
  dataDir: string;
  logLevel: "info" | "warn";
}

export const DEV_USAGE = `usage: npm run dev -- [options]
  --port N              dashboard port (8080, or the next free one)
  --kube-context NAME   run pods in that context of your kubeconfig instead of the embedded cluster
  --namespace NAME      namespace of task pods (default)
  --dags DIR            folder of DAG files (dags)
  --verbose             log what the services do`;

/** @throws with the usage when an option is unknown */
export function readDevOptions(args: readonly string[]): DevOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "8080" },
      "kube-context": { type: "string" },
      namespace: { type: "string", default: "default" },
      dags: { type: "string", default: "dags" },
      verbose: { type: "boolean", default: false },
    },
  });
  return {
    port: Number(values.port),
    kubeContext: values["kube-context"],
    namespace: values.namespace,
    dagsDir: values.dags,
    dataDir: ".windlass",
    logLevel: values.verbose ? "info" : "warn",
  };
}
