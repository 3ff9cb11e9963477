import type { CommandGroup } from "../frame/command.ts";

const START = "Start:";
const WORK = "Work:";
const OPERATE = "Operate:";
const SERVICES = "Services:";

const group = (heading: string, name: string, summary: string, load: CommandGroup["load"]): CommandGroup => ({
  heading,
  name,
  summary,
  load,
});

/** The first words behind `windlass`, in the order of its help. The one that is said is loaded; the others cost nothing. */
export const GROUPS: readonly CommandGroup[] = [
  group(START, "dev", "run all of Windlass on this machine", async () => (await import("./dev.ts")).devCommand),
  group(START, "demo", "run the example and show how it ends", async () => (await import("./demo.ts")).demoCommand),
  group(START, "init", "write a project with a DAG and its test", async () => (await import("./init.ts")).initCommand),
  group(
    START,
    "import-airflow",
    "turn an Airflow DAG file into one of Windlass",
    async () => (await import("./import-airflow.ts")).importAirflowCommand,
  ),
  group(START, "login", "store a server and a token", async () => (await import("./login.ts")).loginCommand),
  group(START, "doctor", "check Node, Redis, cluster and rights", async () => (await import("./doctor.ts")).doctorCommand),
  group(START, "completion", "set up completion of your shell", async () => (await import("./completion.ts")).completionCommand),
  group(WORK, "dags", "list, trigger, check and plan DAGs", async () => (await import("./dags/index.ts")).dags),
  group(WORK, "runs", "list, watch, cancel and repeat runs", async () => (await import("./runs/index.ts")).runs),
  group(WORK, "tasks", "logs, reasons, retries and pods of tasks", async () => (await import("./tasks/index.ts")).tasks),
  group(WORK, "backfills", "follow, pause and cancel backfills", async () => (await import("./backfills/index.ts")).backfills),
  group(WORK, "run", "run a program in a pod without a DAG", async () => (await import("./run.ts")).runCommand),
  group(OPERATE, "queues", "list, pause and resume queues", async () => (await import("./queues/index.ts")).queues),
  group(OPERATE, "workers", "list and drain workers", async () => (await import("./workers/index.ts")).workers),
  group(OPERATE, "pools", "list and set up pools", async () => (await import("./pools/index.ts")).pools),
  group(OPERATE, "variables", "read and set variables", async () => (await import("./variables/index.ts")).variables),
  group(OPERATE, "tokens", "list, create and revoke API tokens", async () => (await import("./tokens/index.ts")).tokens),
  group(OPERATE, "audit", "list who asked for what", async () => (await import("./audit.ts")).auditCommand),
  group(
    OPERATE,
    "import-errors",
    "list DAG files that do not load",
    async () => (await import("./import-errors.ts")).importErrorsCommand,
  ),
  group(OPERATE, "version", "print the version", async () => (await import("./version.ts")).versionCommand),
  group(SERVICES, "scheduler", "run a scheduler", async () => (await import("./service.ts")).schedulerCommand),
  group(SERVICES, "worker", "run a worker", async () => (await import("./service.ts")).workerCommand),
  group(SERVICES, "dashboard", "run the dashboard", async () => (await import("./service.ts")).dashboardCommand),
];
