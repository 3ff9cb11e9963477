import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The folder of an installed package, wherever npm has put it; and the link to it, where there is one, because Node looks there first. */
function packageFolders(name: string): string[] {
  const entry = fileURLToPath(import.meta.resolve(name));
  const end = entry.lastIndexOf(`/node_modules/${name}/`);
  const real = `${entry.slice(0, end)}/node_modules/${name}`;
  for (let above = here("."); above !== dirname(above); above = dirname(above)) {
    const place = join(above, "node_modules", name);
    if (existsSync(place)) return place === real ? [real] : [real, place];
  }
  return [real];
}

// The SDK and what it needs; nothing that could reach Redis or Kubernetes.
const OWN_CODE = [
  here("../../../package.json"),
  here("../../../libs/core"),
  here("../../../libs/register.mjs"),
  here("../../../libs/sdk"),
  here("."),
  ...["zod", "croner", "yaml", "@noble/hashes"].flatMap(packageFolders),
];

const CHILD = here("./load-dags.ts");

/** Node strips no types below node_modules by itself. Elsewhere it is spared, because every load would wait for it. */
const REGISTER = import.meta.url.includes("/node_modules/") ? [`--import=${here("../../../libs/register.mjs")}`] : [];

/** Node's command line for the child: it can read its own code and the DAG folder, write nothing and start nothing. */
export function childArguments(file: string, root: string, heapBytes: number, questions: readonly string[] = []): string[] {
  const readable = [...OWN_CODE, root, realpathSync(file)];
  return [
    "--permission",
    ...readable.map(path => `--allow-fs-read=${path}`),
    `--max-old-space-size=${Math.round(heapBytes / 2 ** 20)}`,
    // Left alone, the space for new objects grows to 192 MiB beside it.
    "--max-semi-space-size=16",
    "--disable-warning=ExperimentalWarning",
    ...REGISTER,
    CHILD,
    file,
    ...questions,
  ];
}
