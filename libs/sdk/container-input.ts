import type { V1Container, V1EnvVar } from "@kubernetes/client-node";
import { z } from "zod";
import { kubeValue } from "#core/pod/kube-value.ts";
import { isObject } from "#core/pod/object-fields.ts";
import { envVars } from "#core/pod/task-pod.ts";
import { type EnvInput, envOf, isPlain, isSecret, NO_SECRET, type PlainValue } from "./env.ts";

type Word = string | PlainValue;

/** A container beside the task's, as Kubernetes has it; `env` may also be written as the task's is, and words may be plain(value). */
export interface ContainerInput extends Omit<V1Container, "env" | "command" | "args"> {
  env?: readonly V1EnvVar[] | EnvInput;
  command?: readonly Word[];
  args?: readonly Word[];
}

/** What is wrong with the result is said under the path of what was written. */
export const ContainersInput = z
  .custom<readonly ContainerInput[]>()
  .superRefine((list, context) => {
    for (const path of Array.isArray(list) ? list.flatMap(secretsInWords) : [])
      context.addIssue({ code: "custom", path, message: NO_SECRET, continue: false });
  })
  .transform(list => (Array.isArray(list) ? (list.map(inKubernetesWords) as unknown[]) : list))
  .pipe(kubeValue<V1Container[]>("[]Container"));

/** Where a container's words are secrets. */
function secretsInWords(container: unknown, index: number): (string | number)[][] {
  if (!isObject(container)) return [];
  return ["command", "args"].flatMap(field => {
    const words = container[field];
    if (!Array.isArray(words)) return [];
    return [...words.entries()].flatMap(([at, word]) => (isSecret(word) ? [[index, field, at]] : []));
  });
}

function inKubernetesWords(container: unknown): unknown {
  if (!isObject(container)) return container;
  const { env, command, args } = container;
  return {
    ...container,
    ...(isObject(env) ? { env: envVars(envOf(env as EnvInput)) } : {}),
    ...(Array.isArray(command) ? { command: command.map(wordOf) } : {}),
    ...(Array.isArray(args) ? { args: args.map(wordOf) } : {}),
  };
}

const wordOf = (word: unknown): unknown => (isPlain(word) ? word.plain : word);
