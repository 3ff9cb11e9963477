import { hostname } from "node:os";
import { z } from "zod";
import { logSettings } from "#logstore/log-settings.ts";
import { backgroundSettings } from "#runtime/service-settings.ts";
import { QueueList } from "./worker-queues.ts";

const Ms = z.coerce.number().int().min(0);

/** Exactly the variables a worker reads. */
export const WorkerConfig = z.object({
  REDIS_URL: z.string().default("redis://127.0.0.1:6379").describe("Where Redis is"),
  WINDLASS_PREFIX: z.string().default("{windlass}").describe("Key prefix; the braces keep all keys in one slot"),
  WINDLASS_WORKER_ID: z.string().default(hostname()).describe("Name of this worker in records, logs and Bull Board"),
  WINDLASS_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(500)
    .describe("Tries of each queue this worker holds at once"),
  WINDLASS_QUEUES: QueueList.default([{ name: "pods" }]).describe(
    "Queues this worker takes from, comma-separated; pods,gpu:20 holds at most 20 of gpu at once, and of pods WINDLASS_CONCURRENCY",
  ),
  KUBECONFIG: z.string().optional().describe("Kubeconfig file; absent: ~/.kube/config, then the service account of the pod"),
  WINDLASS_KUBE_CONTEXT: z.string().optional().describe("Context of the kubeconfig; absent: its current one"),
  WINDLASS_KUBE_SERVER: z.string().optional().describe("Replaces the kubeconfig's server address"),
  WINDLASS_KUBE_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(30_000)
    .describe("How long the API server may take to answer"),
  WINDLASS_NAMESPACE: z.string().default("default").describe("Namespace of task pods; the only one the worker watches"),
  WINDLASS_INSTANCE: z.string().default("windlass").describe("Label that tells this installation's pods from others'"),
  WINDLASS_POD_TEMPLATE: z
    .string()
    .optional()
    .describe("YAML file with a Pod, or a part of one, that is laid under every task's pod"),
  ...logSettings,
  WINDLASS_LOG_SWEEP_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(60_000)
    .describe("How often one of the workers looks for logs of runs whose retention has passed"),
  WINDLASS_KEEP_SUCCEEDED_MS: Ms.default(0).describe("How long a pod stays after it succeeded"),
  WINDLASS_KEEP_FAILED_MS: Ms.default(0).describe("How long a pod stays after it failed, for kubectl describe"),
  WINDLASS_SCHEDULING_TIMEOUT_MS: Ms.default(600_000).describe("How long a pod may wait for a node; 0: for ever"),
  WINDLASS_START_TIMEOUT_MS: Ms.default(600_000).describe(
    "How long a pod may take from its node to its main container's start; 0: for ever",
  ),
  WINDLASS_IMAGE_GRACE_MS: Ms.default(300_000).describe(
    "How long an image may fail to be pulled before the try fails; 0: at once",
  ),
  WINDLASS_CONFIG_GRACE_MS: Ms.default(60_000).describe(
    "How long a Secret, ConfigMap or service account may be missing before the try fails; 0: not at all",
  ),
  WINDLASS_EVENTS_EVERY_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(30_000)
    .describe("After this long without progress on its way up, and again as often, a pod's events are read"),
  WINDLASS_INFRA_DELAY_MS: Ms.optional().describe(
    "How long a try that infrastructure ended waits for its restart; absent: 10 s, growing to 5 min",
  ),
  WINDLASS_SWEEP_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(30_000)
    .describe("How often one of the workers looks for ended pods that nobody looks after"),
  WINDLASS_SWEEP_PATIENCE_MS: Ms.default(90_000).describe("How long after its end a pod counts as looked after"),
  WINDLASS_PLUGINS: z
    .string()
    .default("")
    .describe("Plugins, comma-separated: files, patterns such as plugins/*.ts, or packages"),
  WINDLASS_HTTP_TASKS: z
    .enum(["on", "off"])
    .default("on")
    .describe(
      "Whether this worker itself sends the requests of http tasks and http waits; off where DAG files are not to reach what it can",
    ),
  WINDLASS_FN_IMAGE: z
    .string()
    .min(1)
    .optional()
    .describe("Image of tasks that are functions: the one that the workers run; absent: there are none"),
  WINDLASS_FN_ENTRY: z
    .string()
    .min(1)
    .default("services/cli/run-fn.ts")
    .describe("The program in that image that calls a function"),
  WINDLASS_RESOURCE_EVERY_MS: z.coerce
    .number()
    .int()
    .min(50)
    .default(10_000)
    .describe("Time between two looks at a custom resource"),
  WINDLASS_NOTICES: z.enum(["on", "off"]).default("on").describe("Whether this worker sends notices"),
  WINDLASS_BASE_URL: z
    .url()
    .transform(url => url.replace(/\/+$/, ""))
    .optional()
    .describe("Where people reach the dashboard; for the links in notices"),
  WINDLASS_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, "must begin with smtp:// or smtps://")
    .optional()
    .describe("Mail server with its login: smtps://user:password@host:465; absent: no mail is sent"),
  WINDLASS_MAIL_FROM: z.string().optional().describe("Sender of mail: Windlass <windlass@example.org>"),
  WINDLASS_LOCK_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(60_000)
    .describe("A worker that died loses its jobs after this long"),
  WINDLASS_STALLED_MS: z.coerce.number().int().min(500).default(15_000).describe("How often lost jobs are looked for"),
  ...backgroundSettings(8082),
});
export type WorkerConfig = z.infer<typeof WorkerConfig>;
