import { sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type BuildFailure, build, type Metafile } from "esbuild";
import { type DagSpec, MAX_BUNDLE_BYTES } from "#core/dag-spec.ts";
import type { LoadError } from "./load-reply.ts";

/** What the image has: Windlass itself and what comes with it. */
const EXTERNAL = ["windlass", "zod"];

const compress = promisify(gzip);

/** Where gzip notes which system packed it: a version of a DAG must not depend on that. */
const GZIP_SYSTEM = 9;
const UNKNOWN_SYSTEM = 255;

/** Whether any of the DAG's tasks is a function of its file. */
export const hasFunctions = ({ tasks }: Pick<DagSpec, "tasks">): boolean =>
  tasks.some(task => task.operator === "pod" && task.fn !== undefined);

/**
 * The DAG file and all that it imports as one module, gzipped, in base64: the same text for the same files, wherever they lie. Nothing of
 * the file runs; it is read by a process of esbuild's own.
 * @param root the folder below which everything has to lie
 */
export async function bundleDag(file: string, root: string): Promise<{ bundle: string } | { error: LoadError }> {
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [file],
      absWorkingDir: root,
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "node",
      target: "node24",
      external: EXTERNAL,
      // A tsconfig or package.json above the folder is none of the DAG file's.
      tsconfigRaw: {},
      legalComments: "none",
      logLevel: "silent",
    });
    const outside = inputOutside(metafile);
    if (outside !== undefined) return refused(file, `'${outside}' lies outside of the DAG folder`);
    const packed = await compress(outputFiles[0]!.contents, { level: 9 });
    packed[GZIP_SYSTEM] = UNKNOWN_SYSTEM;
    const bundle = packed.toString("base64");
    if (bundle.length <= MAX_BUNDLE_BYTES) return { bundle };
    return { error: { code: "WL_DAG_BUNDLE_SIZE", message: tooLarge(bundle.length, metafile), file } };
  } catch (error) {
    const [first] = (error as BuildFailure).errors ?? [];
    if (first === undefined) throw error;
    return refused(file, first.text, first.location?.line);
  }
}

const refused = (file: string, why: string, line?: number): { error: LoadError } => ({
  error: {
    code: "WL_DAG_BUNDLE",
    message: `the functions cannot be bundled: ${why}`,
    file,
    ...(line === undefined ? {} : { line }),
  },
});

/** Inputs are relative to the root. A package's files may lie beside it, wherever the folder's packages are. */
const inputOutside = ({ inputs }: Metafile): string | undefined =>
  Object.keys(inputs).find(path => path.startsWith(`..${sep}`) && !path.includes(`${sep}node_modules${sep}`));

/** Says what takes the room, so that one knows what to leave out. */
function tooLarge(bytes: number, { outputs }: Metafile): string {
  const [output] = Object.values(outputs);
  const parts = Object.entries(output?.inputs ?? {}).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
  const largest = parts.slice(0, 3).map(([path, { bytesInOutput }]) => `${path} ${Math.ceil(bytesInOutput / 1_024)} KiB`);
  const kib = (size: number) => Math.ceil(size / 1_024);
  return `the functions and what they import take ${kib(bytes)} KiB packed, ${kib(MAX_BUNDLE_BYTES)} are allowed; the largest, unpacked: ${largest.join(", ")}`;
}
