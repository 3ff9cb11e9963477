import { globSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { WindlassError } from "#core/errors.ts";
import type { PodMutator } from "#kube/mutate-pod.ts";
import type { Plugin } from "#sdk/plugin.ts";

const Hook = z.custom<(...args: never[]) => unknown>(value => typeof value === "function", "must be a function").optional();

const Shape = z.strictObject({
  name: z.string().min(1),
  mutatePod: Hook,
  onPodCreated: Hook,
  onPodStarted: Hook,
  onPodEnded: Hook,
  onLogLine: Hook,
});

const isFile = (entry: string): boolean =>
  entry.startsWith(".") || isAbsolute(entry) || /\.[cm]?[jt]s$/.test(entry) || entry.includes("*");

/**
 * Loads the plugins in the order in which they are named; files that one pattern finds by name.
 * @param names comma-separated: paths from the working directory, patterns (`plugins/*.ts`), or packages
 * @throws WL_PLUGIN naming the plugin that cannot be loaded: a worker without its plugins would run pods it must not
 */
export async function loadPlugins(names: string): Promise<Plugin[]> {
  const entries = names
    .split(",")
    .map(entry => entry.trim())
    .filter(entry => entry !== "");
  const plugins: Plugin[] = [];
  for (const specifier of entries.flatMap(specifiersOf)) plugins.push(await loadPlugin(specifier));
  return plugins;
}

/** The plugins' say in what a pod is, in their order. */
export const mutatorsOf = (plugins: readonly Plugin[]): PodMutator[] =>
  plugins.flatMap(plugin =>
    plugin.mutatePod === undefined ? [] : [{ plugin: plugin.name, mutate: (pod, context) => plugin.mutatePod!(pod, context) }],
  );

function specifiersOf(entry: string): string[] {
  if (!isFile(entry)) return [entry];
  const files = entry.includes("*") ? globSync(entry).sort() : [entry];
  if (files.length === 0) throw new WindlassError("WL_PLUGIN", `WINDLASS_PLUGINS: no file is named like '${entry}'`);
  return files.map(file => pathToFileURL(resolve(file)).href);
}

async function loadPlugin(specifier: string): Promise<Plugin> {
  let exported: { default?: unknown };
  try {
    exported = await import(specifier);
  } catch (error) {
    throw new WindlassError("WL_PLUGIN", `plugin ${specifier} cannot be loaded: ${(error as Error).message}`, { cause: error });
  }
  const parsed = Shape.safeParse(exported.default);
  if (parsed.success) return exported.default as Plugin;
  const why = parsed.error.issues.map(({ path, message }) => [...path, message].join(": ")).join("; ");
  throw new WindlassError("WL_PLUGIN", `plugin ${specifier}: its default export is no plugin: ${why}`);
}
