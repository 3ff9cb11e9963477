import { defineCommand } from "../frame/command.ts";

/** A process of an installation: what its main file starts runs until a signal ends it. */
const service = (name: string, summary: string, start: () => Promise<unknown>) =>
  defineCommand({
    name,
    summary,
    details: "Its settings are variables: see docs/reference/config.md.",
    args: {},
    options: {},
    async run() {
      await start();
    },
  });

export const schedulerCommand = service(
  "scheduler",
  "Run a scheduler: one of them leads, the others stand by.",
  () => import("../../scheduler/main.ts"),
);
export const workerCommand = service(
  "worker",
  "Run a worker: it has a pod in the cluster for each task.",
  () => import("../../worker/main.ts"),
);
export const dashboardCommand = service(
  "dashboard",
  "Run the dashboard: API, pages and Bull Board.",
  () => import("../../dashboard/main.ts"),
);
