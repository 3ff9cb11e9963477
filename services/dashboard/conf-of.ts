import type { DagSpec } from "#core/dag-spec.ts";
import { readParams } from "#core/params.ts";
import { inputError, pointerTo } from "./http/check.ts";

/** The parameters of a run as the version wants them, its defaults filled in. @throws ApiError WL_INPUT, a pointer for each mistake */
export function confOf(
  spec: Pick<DagSpec, "params"> | undefined,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const read = readParams(spec?.params, given);
  if ("conf" in read) return read.conf;
  throw inputError(
    read.mistakes.map(({ path, message }) => ({ in: "body", pointer: pointerTo(["conf", ...path]), detail: message })),
  );
}
