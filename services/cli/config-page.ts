import { hostname } from "node:os";
import type { z } from "zod";
import { DashboardConfig } from "../dashboard/config.ts";
import { SchedulerConfig } from "../scheduler/config.ts";
import { WorkerConfig } from "../worker/config.ts";
import { settingOf } from "./setting-of.ts";

const SERVICES: readonly { name: string; what: string; schema: { shape: z.ZodRawShape } }[] = [
  { name: "scheduler", what: "Reads DAG files, starts runs, decides what follows.", schema: SchedulerConfig },
  { name: "worker", what: "Has a pod in the cluster for each task.", schema: WorkerConfig },
  { name: "dashboard", what: "API, pages and Bull Board.", schema: DashboardConfig },
];

/** docs/reference/config.md: every variable that a service reads. */
export const configPage = (): string => `# Settings

<!-- Written by \`node services/cli/docs.ts\` from services/*/config.ts. -->

Services are configured by variables and read each once, at their start. A variable that is empty counts as absent. \`NAME_FILE\` names a file that holds the value of
\`NAME\`, such as a mounted secret. All mistakes are told together, with exit code 2. The variables of the command line are in [cli.md](cli.md).

${SERVICES.map(section).join("\n")}`;

const section = ({ name, what, schema }: (typeof SERVICES)[number]): string => `## ${name}

${what}

| variable | meaning | value | default |
| --- | --- | --- | --- |
${Object.entries(schema.shape)
  .map(([variable, field]) => row(variable, field))
  .join("\n")}
`;

function row(variable: string, field: z.core.$ZodType): string {
  const { meaning, kind, fallback } = settingOf(field);
  if (meaning === undefined) throw new Error(`${variable} has no description: add .describe("…") in the service's config.ts`);
  return `| \`${variable}\` | ${cell(meaning)} | ${cell(kind)} | ${fallback === undefined ? "none" : cell(defaultText(fallback))} |`;
}

/** What differs from machine to machine has no place in a page. */
function defaultText(value: unknown): string {
  if (value === hostname()) return "the host's name";
  if (value === "") return "empty";
  return typeof value === "object" ? `\`${JSON.stringify(value)}\`` : `\`${String(value)}\``;
}

/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
