import type { Filter } from "#core/template/filter.ts";
import { FILTERS } from "#core/template/filters.ts";
import { RUN_FIELDS, SCOPE_NAMES, TASK_FIELDS } from "#core/template/scope.ts";

const GUIDE = `# Values in texts

<!-- Written by \`node services/cli/docs.ts\` from libs/core/template/. -->

What is known only when a run is under way is named where it is used, and put in its place when the task starts. A DAG file names it with
**references**, which the compiler checks:

\`\`\`ts
import { dag, run, variables, z } from "windlass";

export default dag("orders", { schedule: "@daily", params: z.object({ country: z.string().default("DE") }) }, (d, { params }) => {
  const extract = d.pod("extract", { image: "etl:1.4", args: [params.country], result: z.object({ table: z.string(), rows: z.int() }) });
  d.pod("load", {
    image: "etl:1.4",
    args: ["--to", \`s3://\${variables.bucket}/\${run.ds}/\${extract.output.table}\`],
    env: { ROWS: extract.output.rows, YESTERDAY: run.logicalDate.pipe("addDays", -1).pipe("ds") },
  });
});
\`\`\`

In the data a reference is a text, \`{{ tasks.extract.output.rows }}\`, and it may be written so as well. Whoever names a task's result runs after
that task; the edge need not be drawn. Unknown names, filters and fields are mistakes of the file where they can be known, with file and line;
else the try fails as \`TemplateError\`, which names the expression and uses up no tries.

## The rules

* \`{{ path | filter(literal, …) | … }}\`. A path is \`name.name[0]["any name"]\`; a literal is a text in quotes, a number, \`true\`, \`false\` or \`null\`. There
  is no arithmetic and nothing is carried out as code.
* A text that is one whole expression becomes the value with its type, where a value may have one; within a text lists and objects are JSON. Where
  Kubernetes wants a text, a number becomes one; what becomes a label is made a valid one. \`null\` within a text is a mistake: \`default("…")\`.
* Every text of a pod may hold expressions but its \`name\` and \`namespace\`; so may \`conf\`, \`question\`, \`request\`, \`for\` and \`resource\` of other tasks. Names of
  variables, labels and fields are left as they are.
* A literal "{{" is \`{{ "{{" }}\`, which \`raw("{{.State}}")\` and the tag \`text\` write. Of three braces the outer one is the text's own:
  \`{{{ run.ds }}}\` becomes \`{2026-01-31}\`.
* **Secrets are not among the names**, and cannot be: the kubelet puts them into the container, \`env: { PASSWORD: secret("db", "password") }\`.
* What the texts of a try became is shown with the try.

## Names
`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map(cells => `| ${cells.join(" | ")} |`).join("\n");

const fields = (owner: string, of: Readonly<Record<string, string>>): string[][] =>
  Object.entries(of).map(([name, what]) => [`\`${owner}.${name}\``, what]);

const NAMES = table(
  ["name", "what it is"],
  [
    ...Object.entries(SCOPE_NAMES).map(([name, what]) => [`\`${name}\``, what]),
    ...fields("run", RUN_FIELDS),
    ...fields("tasks.<id>", TASK_FIELDS),
    ["`task.id`, `task.try`, `task.index`", "the task's id, the number of its try, and of an instance its place"],
    ["`dag.id`, `dag.owner`, `dag.tags`", "what the DAG says of itself"],
  ],
);

const BEHIND_NAMES = `

\`branch\`, \`shortCircuit\` and the list of a map are evaluated by the scheduler, which knows \`run\`, \`params\`, \`tasks\` and \`dag\`. An id with other
characters than letters, digits, \`_\` and \`-\` is written in brackets: \`tasks["load.orders"].output\`.

**Variables** are kept with \`PUT /api/v1/variables/<name>\` \`{ "value": … }\`: any JSON of at most 16 KiB, its last 20 changes with who and when. One that is
not set is looked for in the workers' environment: \`region\` in \`WINDLASS_VAR_REGION\`, as JSON or as text.

**Parameters** come from \`conf\` of \`POST /api/v1/dags/<id>/runs\`, are checked against the DAG's \`params\` (422 with a pointer per mistake), and have its
defaults filled in. Without \`params\` anything goes.

## Filters

A date is ISO 8601 (\`2026-01-31T06:30:00Z\`; without an offset in UTC) or milliseconds since the epoch. The examples speak of a run whose
\`run.logicalDate\` is \`2026-01-31T06:30:00Z\`.

`;

const code = (value: unknown): string => `\`${String(value).replaceAll("|", "\\|")}\``;

function filterRow([name, filter]: [string, Filter]): string[] {
  const args = filter.args.map(({ name: arg, optional }) => (optional ? `${arg}?` : arg));
  const written = args.length === 0 ? name : `${name}(${args.join(", ")})`;
  const [expression, value] = filter.example;
  return [code(written), filter.takes, filter.what.replaceAll("|", "\\|"), code(expression), code(JSON.stringify(value))];
}

/** docs/reference/templates.md */
export const templatesPage = (): string => {
  const rows = Object.entries(FILTERS as Readonly<Record<string, Filter>>).map(filterRow);
  return `${GUIDE}\n${NAMES}${BEHIND_NAMES}${table(["filter", "takes", "what it gives", "example", "result"], rows)}\n`;
};
