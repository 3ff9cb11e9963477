import "./acts.css";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem } from "../api/problem-error.ts";
import { useMe } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { type Act, type Answers, usualAnswers } from "./act.ts";
import { PreviewLine } from "./preview-line.tsx";
import { QuestionField } from "./question-field.tsx";
import { sayDone } from "./said.ts";
import { tasksText } from "./tasks-text.ts";

interface Target {
  subject: unknown;
  name: string;
}

interface ActDialogProps {
  act: Act<unknown>;
  subjects: readonly Target[];
  onClose: () => void;
}

/** More of them are done one after the other, so that a server is not overrun. */
const AT_ONCE = 4;
/** The dry run of so many is shown; of more it would cost more than the act. */
const PREVIEWED = 25;

/** Asks once before an act: what will happen, to what, with the count of a dry run. Then does it, and says for each what became of it. */
export function ActDialog({ act, subjects, onClose }: ActDialogProps) {
  const [answers, setAnswers] = useState<Answers>(() => usualAnswers(act.questions));
  const [progress, setProgress] = useState<Progress>();
  const client = useQueryClient();
  const { name: me } = useMe();
  const targets = subjects.filter(({ subject }) => act.refusal(subject) === undefined);
  const left = subjects.length - targets.length;
  const preview = usePreview(act, targets, answers);

  const carryOut = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const done: string[] = [];
    const failed: Failed[] = [];
    const queue = [...targets];
    const work = async (): Promise<void> => {
      for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
        try {
          done.push(`${target.name}: ${await act.carryOut(target.subject, answers)}`);
        } catch (error) {
          failed.push({ name: target.name, error });
        }
        setProgress({ done: done.length, failed: [...failed], isOver: false });
      }
    };
    setProgress({ done: 0, failed: [], isOver: false });
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, targets.length) }, work));
    await client.invalidateQueries();
    if (failed.length > 0) return setProgress({ done: done.length, failed, isOver: true });
    onClose();
    sayDone(done.length === 1 ? done[0]! : `${act.label}: done for ${done.length}`, me);
  };

  const count = targets.length;
  return (
    <Dialog title={count === 1 ? act.label : `${act.label}: ${count} selected`} description={act.about} onClose={onClose}>
      <form className="stack loose" onSubmit={event => void carryOut(event)}>
        {count <= 3 ? (
          <ul className="act-targets">
            {targets.map(({ name }) => (
              <li key={name} className="mono cut">
                {name}
              </li>
            ))}
          </ul>
        ) : (
          <details className="act-targets">
            <summary>{count} chosen</summary>
            <ul>
              {targets.map(({ name }) => (
                <li key={name} className="mono cut">
                  {name}
                </li>
              ))}
            </ul>
          </details>
        )}
        {left > 0 && (
          <p className="quiet small">
            {left} left out: {act.refusal(subjects.find(({ subject }) => act.refusal(subject) !== undefined)?.subject)}
          </p>
        )}
        {act.questions?.map(question => (
          <QuestionField
            key={question.name}
            question={question}
            answer={answers[question.name]}
            onAnswer={answer => setAnswers({ ...answers, [question.name]: answer })}
          />
        ))}
        {act.preview !== undefined && count <= PREVIEWED && <PreviewLine preview={preview} />}
        {progress !== undefined && <ProgressLine progress={progress} count={count} />}
        <div className="dialog-buttons">
          <Button onClick={onClose}>{progress?.isOver ? "Close" : "Cancel"}</Button>
          <Button
            type="submit"
            kind={act.isGrave ? "danger" : "primary"}
            icon={act.icon}
            disabled={count === 0 || progress !== undefined || preview.data?.count === 0}
          >
            {act.label}
            {preview.data !== undefined && ` ${tasksText(preview.data.count)}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What a dry run says of all that is chosen. */
function usePreview(act: Act<unknown>, targets: readonly Target[], answers: Answers) {
  const { preview } = act;
  return useQuery({
    queryKey: ["preview", act.id, targets.map(({ name }) => name), answers],
    enabled: preview !== undefined && targets.length > 0 && targets.length <= PREVIEWED,
    gcTime: 0,
    staleTime: 0,
    queryFn: async ({ signal }) => {
      const each = await Promise.all(targets.map(({ subject }) => preview!(subject, answers, signal)));
      return { count: each.reduce((sum, { count }) => sum + count, 0), tasks: each.flatMap(({ tasks }) => tasks) };
    },
  });
}

interface Failed {
  name: string;
  error: unknown;
}

interface Progress {
  done: number;
  failed: readonly Failed[];
  isOver: boolean;
}

function ProgressLine({ progress: { done, failed }, count }: { progress: Progress; count: number }) {
  return (
    <div role="status" className="stack">
      {count > 1 && (
        <progress max={count} value={done + failed.length} aria-label={`${done} of ${count} done`} className="act-progress" />
      )}
      {failed.length > 0 && (
        <ul className="act-failed">
          {failed.map(({ name, error }) => {
            const { detail, next } = asProblem(error);
            return (
              <li key={name}>
                <span className="strong">{count > 1 && `${name}: `}</span>
                {detail}. <span className="quiet">{next}</span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
