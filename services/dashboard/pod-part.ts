import type { PodFields } from "#contract/pod-run.ts";
import type { PodSpec } from "#core/pod/pod-spec.ts";
import { envOf, wordsOf } from "#sdk/env.ts";

type Given = { [Field in keyof PodFields]?: PodFields[Field] | undefined };

/** The part of a pod that a request names, as a spec holds it. */
export function podPartOf({ env, command, args, ...rest }: Given): Partial<PodSpec> {
  return {
    ...rest,
    ...(env && { env: envOf(env) }),
    ...(command && { command: wordsOf(command) }),
    ...(args && { args: wordsOf(args) }),
  } as Partial<PodSpec>;
}
