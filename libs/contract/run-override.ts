import { z } from "zod";
import { ID_PATTERN } from "#core/id.ts";
import { PodFields } from "./pod-run.ts";

/** Where the pod runs, what it is called and what lies under it is the DAG's matter in every run. */
const PodOverride = PodFields.omit({ namespace: true, name: true, podTemplate: true, podOverride: true }).partial();
export type PodOverride = z.output<typeof PodOverride>;

/** What an installation may let runs override. */
export const OVERRIDABLE: ReadonlySet<string> = new Set(Object.keys(PodOverride.shape));

/** Stands for every pod task of the DAG. */
export const EVERY_TASK = "*";

/**
 * What is otherwise in the pods of one run: options of a pod task by task id, or "*" for every pod task. A task's own entry wins over "*",
 * option by option. Which options may be named is the installation's to say.
 */
export const RunOverride = z.record(z.union([z.literal(EVERY_TASK), z.string().regex(ID_PATTERN)]), PodOverride);
export type RunOverride = z.output<typeof RunOverride>;
