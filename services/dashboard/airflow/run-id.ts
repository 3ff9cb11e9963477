import { ID_PATTERN } from "#core/id.ts";
import { runId } from "#core/ids.ts";

const utf8 = new TextEncoder();

/** What an id of ours cannot hold: "manual__2026-01-31T06:00:00+00:00" has colons and a plus. */
const STRANGE = /[^A-Za-z0-9_.-]+/gu;

/** What {@link runIdOf} writes for strange characters: `_xHH_` for each byte of their UTF-8. */
const WRITTEN = /(?:_x[0-9A-F]{2}_)+/g;

/**
 * The run that Airflow's clients call `dagRunId`: one of ours is named without its DAG; what our ids cannot hold is written as
 * `_x3A_`. undefined: no run can have that name.
 */
export function runIdOf(dagId: string, dagRunId: string): string | undefined {
  const suffix = dagRunId.replace(STRANGE, text => [...utf8.encode(text)].map(escapeByte).join(""));
  return ID_PATTERN.test(suffix) ? runId(dagId, suffix) : undefined;
}

/** {@link runIdOf} backwards. */
export const dagRunIdOf = (id: string): string => id.slice(id.indexOf("~") + 1).replace(WRITTEN, readBack);

const escapeByte = (byte: number): string => `_x${byte.toString(16).toUpperCase().padStart(2, "0")}_`;

/** Only what {@link runIdOf} would write again: `_x41_`, a plain letter, is part of the name. */
function readBack(written: string): string {
  const bytes = written.match(/[0-9A-F]{2}/g)!.map(hex => Number.parseInt(hex, 16));
  const text = new TextDecoder("utf-8").decode(Uint8Array.from(bytes));
  const again = text.replace(STRANGE, strange => [...utf8.encode(strange)].map(escapeByte).join(""));
  return again === written ? text : written;
}
