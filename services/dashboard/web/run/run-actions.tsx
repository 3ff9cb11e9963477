import { Play } from "lucide-react";
import type { RunDetailReply } from "#contract/run.ts";
import { ActButton } from "../acts/act-button.tsx";
import { ActMenu } from "../acts/act-menu.tsx";
import { askForRuns, askToTrigger } from "../acts/opened.ts";
import { RUN_ACTS, type RunSubject } from "../acts/run-acts.ts";
import { useMay } from "../live/me.ts";
import { Button } from "../ui/button.tsx";

const ACTS = Object.values(RUN_ACTS);

/** What can be done to the run: at first what it most likely needs. */
export function RunActions({ run }: { run: RunDetailReply }) {
  const subject: RunSubject = { runId: run.id, state: run.state };
  const mayAct = useMay("operator");
  const isOver = run.endedAt !== undefined;
  return (
    <>
      {mayAct && isOver && (
        <Button icon={Play} tip="A new run with the same parameters, or others" onClick={() => askToTrigger(run.dagId, run.conf)}>
          Trigger again
        </Button>
      )}
      {!isOver && <ActButton act={RUN_ACTS.cancel} subject={subject} onAct={act => askForRuns(act, [subject])} />}
      {isOver && run.state !== "success" && (
        <ActButton act={RUN_ACTS.clear} subject={subject} kind="primary" onAct={act => askForRuns(act, [subject])} />
      )}
      <ActMenu acts={ACTS} subjects={[subject]} onAct={act => askForRuns(act, [subject])} label="More" />
    </>
  );
}
