import type { Note } from "./airflow-shape.ts";
import { tsText } from "./ts-text.ts";
import type { TurnedDag } from "./turn-dag.ts";
import { isEmptyOptions, type TurnedTask } from "./turn-task.ts";

/** Names that mean something in a DAG file, and words that are no names. */
const TAKEN =
  "asset configMap dag notify plain run secret variables z d break case catch class const continue default delete do else enum export extends false finally for function if import in new null return super switch this throw true try typeof var void while with yield let static await async arguments eval undefined".split(
    " ",
  );
const IMPORTS = ["asset", "configMap", "notify", "plain", "secret", "z"];

export interface DagFile {
  /** The Airflow file. */
  from: string;
  dags: readonly TurnedDag[];
  notes: readonly Note[];
}

/** The text of a DAG file; what was not turned is said at its top. */
export function writeDagFile({ from, dags, notes }: DagFile): string {
  const body = dags
    .map((dag, index) => dagText(dag, dags.length === 1 ? "export default" : `export const dag${index + 1} =`))
    .join("\n");
  const used = IMPORTS.filter(name => new RegExp(`\\b${name}[.(]`).test(body));
  const names = ["dag", ...used].sort((a, b) => a.localeCompare(b, "en"));
  return `${header(from, notes)}import { ${names.join(", ")} } from "windlass";\n\n${body}`;
}

function header(from: string, notes: readonly Note[]): string {
  const lines = [...notes]
    .sort((a, b) => a.line - b.line)
    .map(({ line, text }) => `// line ${line}: ${text.replace(/\s+/g, " ")}\n`);
  const said = lines.length === 0 ? "" : `// What is otherwise, by line of that file:\n${lines.join("")}`;
  return `// From ${from} by windlass import-airflow.\n${said}`;
}

function dagText({ id, options, tasks, edges }: TurnedDag, opening: string): string {
  const names = namesOf(tasks);
  const edged = new Set(edges.flat());
  const lines = tasks.map(task => taskText(task, edged.has(task.id) ? names.get(task.id) : undefined));
  const drawn = edgesText(tasks, edges, names);
  const shown = [...lines, ...(drawn.length === 0 ? [] : ["", ...drawn])].map(line => (line === "" ? "\n" : `  ${line}\n`));
  const head = `${opening} dag(${JSON.stringify(id)}, `;
  return `${head}${tsText(options, "", head.length)}, d => {\n${shown.join("")}});\n`;
}

function taskText({ id, call, options }: TurnedTask, name: string | undefined): string {
  const head = `${name === undefined ? "" : `const ${name} = `}d.${call}(${JSON.stringify(id)}`;
  return isEmptyOptions(options) ? `${head});` : `${head}, ${tsText(options, "  ", head.length + 2)});`;
}

/** One line of a chain where the tasks are one; else what follows each task. */
function edgesText(tasks: readonly TurnedTask[], edges: TurnedDag["edges"], names: ReadonlyMap<string, string>): string[] {
  const after = Map.groupBy(edges, ([up]) => up);
  const nameOf = (id: string): string => names.get(id)!;
  const chain = chainOf(edges);
  if (chain !== undefined && chain.length > 2) return [`d.chain(${chain.map(nameOf).join(", ")});`];
  return tasks.flatMap(({ id }) => {
    const downs = (after.get(id) ?? []).map(([, down]) => nameOf(down));
    return downs.length === 0 ? [] : [`${nameOf(id)}.before(${downs.join(", ")});`];
  });
}

/** The tasks in a row, if the edges are nothing but one. */
function chainOf(edges: TurnedDag["edges"]): string[] | undefined {
  const next = new Map(edges);
  const downs = new Set(next.values());
  const starts = [...next.keys()].filter(id => !downs.has(id));
  if (next.size !== edges.length || downs.size !== edges.length || starts.length !== 1) return undefined;
  const chain = [starts[0]!];
  for (let id = next.get(starts[0]!); id !== undefined; id = next.get(id)) chain.push(id);
  return chain.length === edges.length + 1 ? chain : undefined;
}

/** A name for each task: extract_orders → extractOrders. */
function namesOf(tasks: readonly TurnedTask[]): Map<string, string> {
  const taken = new Set(TAKEN);
  return new Map(
    tasks.map(({ id }) => {
      const words = id.split(/[^A-Za-z0-9]+/).filter(word => word !== "");
      const joined = words
        .map((word, index) => (index === 0 ? word[0]!.toLowerCase() : word[0]!.toUpperCase()) + word.slice(1))
        .join("");
      const start = /^[A-Za-z]/.test(joined) ? joined : `task${joined}`;
      let name = start;
      for (let count = 2; taken.has(name); count++) name = `${start}${count}`;
      taken.add(name);
      return [id, name];
    }),
  );
}
