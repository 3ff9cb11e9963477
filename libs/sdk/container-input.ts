import type { V1Container, V1EnvVar } from "@kubernetes/client-node";
import { z } from "zod";
import { kubeValue } from "#core/pod/kube-value.ts";
import { isObject } from "#core/pod/object-fields.ts";
import { envVars } from "#core/pod/task-pod.ts";
import { type EnvInput, envOf, isPlain, type PlainValue } from "./env.ts";

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
  .transform(list => (Array.isArray(list) ? (list.map(inKubernetesWords) as unknown[]) : list))
  .pipe(kubeValue<V1Container[]>("[]Container"));

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
