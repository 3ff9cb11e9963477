import type { OutcomeReply } from "#contract/run.ts";
import { adviceFor } from "#core/failure.ts";
import type { Outcome } from "#core/outcome.ts";

/** An outcome with what the reader can do: that follows from the code, so it is not in the record. */
export function outcomeReply(outcome: Outcome): OutcomeReply {
  const advice = adviceFor(outcome);
  return advice === undefined ? outcome : { ...outcome, advice };
}
