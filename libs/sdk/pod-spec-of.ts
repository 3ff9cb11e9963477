import type { z } from "zod";
import type { Place } from "#core/errors.ts";
import { layerProblems } from "#core/pod/check-layers.ts";
import { layersOfTask } from "#core/pod/pod-layers.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import type { PodSpec } from "#core/pod/pod-spec.ts";
import { envOf, wordsOf } from "./env.ts";
import { findLiteralSecrets } from "./find-literal-secrets.ts";
import { patchOf } from "./pod-override.ts";
import type { Problem } from "./problem.ts";
import { readTemplate } from "./read-template.ts";
import type { PodOptions } from "./task-options.ts";

/** What a task's pod is written in. */
export interface PodContext {
  podDefaults: PodPatch | undefined;
  place: Place;
  /** The latest deadline that the pod may have behind the task's timeout. */
  mostSeconds: number | undefined;
  report(problem: Problem): void;
}

type PodInput = { [Field in keyof PodSpec]: z.output<typeof PodOptions>[Field & keyof PodOptions] };

/** The pod as data: the template's file is read, a function is carried out, the layers are checked. */
export function podSpecOf({ env, command, args, podTemplate, podOverride, ...rest }: PodInput, context: PodContext): PodSpec {
  const { podDefaults, place, mostSeconds, report } = context;
  const template = typeof podTemplate === "string" ? templateOf(podTemplate, context) : podTemplate;
  const base = defined({
    ...rest,
    env: env && envOf(env),
    command: command && wordsOf(command),
    args: args && wordsOf(args),
    podTemplate: template,
  }) as PodSpec;
  const override = podOverride === undefined ? undefined : patchOf(podOverride, base, podDefaults);
  if (typeof podOverride === "function") refuseSecrets(override, "podOverride", context);
  const pod = defined({ ...base, podOverride: override }) as PodSpec;
  for (const { code, message } of layerProblems(layersOfTask(pod, undefined), mostSeconds)) report({ code, message, place });
  return pod;
}

function templateOf(name: string, context: PodContext): PodPatch | undefined {
  const read = readTemplate(name, context.place);
  if ("problems" in read) {
    for (const problem of read.problems) context.report(problem);
    return undefined;
  }
  refuseSecrets(read.patch, name, context);
  return read.patch;
}

function refuseSecrets(patch: unknown, name: string, { place, report }: PodContext): void {
  for (const { path, reason } of findLiteralSecrets(patch, [name])) {
    const message = `${path.join(".")} looks like a secret, ${reason}: use valueFrom.secretKeyRef, or a ConfigMap if it is none`;
    report({ code: "WL_DAG_LITERAL_SECRET", message, place });
  }
}

const defined = (value: object): object => Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
