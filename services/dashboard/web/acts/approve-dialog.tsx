import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ask, path } from "../api/ask.ts";
import { asProblem } from "../api/problem-error.ts";
import { queries } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import { useMe } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, TextArea } from "../ui/field.tsx";
import { sayDone } from "./said.ts";

interface ApproveDialogProps {
  runId: string;
  taskId: string;
  onClose: () => void;
}

/** Shows what a task asks, and gives the answer. The first answer counts. */
export function ApproveDialog({ runId, taskId, onClose }: ApproveDialogProps) {
  const dag = useQuery(queries.dag(runId.slice(0, runId.indexOf("~"))));
  const [note, setNote] = useState("");
  const [failure, setFailure] = useState<string>();
  const { name: me } = useMe();
  const spec = dag.data?.spec.tasks.find(({ id }) => id === taskId.replace(/@\d+$/, ""));
  const asking = spec?.operator === "approval" ? spec : undefined;

  const answer = async (word: string): Promise<void> => {
    try {
      const body = { answer: word, ...(note === "" ? {} : { note }) };
      await ask(path`/api/v1/runs/${runId}/tasks/${taskId}/approval`, { body });
      void queryClient.invalidateQueries();
      onClose();
      sayDone(`${taskId}: ${word}`, me);
    } catch (error) {
      const { detail, next } = asProblem(error);
      setFailure(`${detail}. ${next}`);
    }
  };

  return (
    <Dialog
      title={asking?.question ?? taskId}
      description={`${taskId} of ${runId} goes on at once with the first answer.`}
      onClose={onClose}
      footer={
        <>
          <Button kind="danger" onClick={() => void answer("reject")}>
            Reject
          </Button>
          {asking?.options?.map(option => (
            <Button key={option} onClick={() => void answer(option)}>
              {option}
            </Button>
          ))}
          <Button kind="primary" onClick={() => void answer("approve")}>
            Approve
          </Button>
        </>
      }
    >
      <Field label="Note" hint="Shown with the decision">
        {ids => <TextArea {...ids} value={note} onChange={event => setNote(event.target.value)} />}
      </Field>
      {failure !== undefined && (
        <p className="field-error" role="alert">
          {failure}
        </p>
      )}
    </Dialog>
  );
}
