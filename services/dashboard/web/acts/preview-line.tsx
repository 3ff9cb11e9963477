import type { UseQueryResult } from "@tanstack/react-query";
import { asProblem } from "../api/problem-error.ts";
import type { Preview } from "./act.ts";
import { tasksText } from "./tasks-text.ts";

const SHOWN = 200;

/** What a dry run has said: how many, and on demand which. */
export function PreviewLine({ preview: { data, error } }: { preview: UseQueryResult<Preview> }) {
  if (error !== null) {
    const { detail, next } = asProblem(error);
    return (
      <p className="field-error" role="alert">
        {detail}. {next}
      </p>
    );
  }
  if (data === undefined) return <p className="quiet small">Counting …</p>;
  if (data.count === 0) return <p className="quiet">That is no task at all.</p>;
  return (
    <details className="act-targets">
      <summary>
        <span className="strong">{tasksText(data.count)}</span> will run again
      </summary>
      <ul>
        {data.tasks.slice(0, SHOWN).map((task, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tasks of several runs may be called the same
          <li key={index} className="mono cut">
            {task}
          </li>
        ))}
        {data.count > SHOWN && <li className="quiet">and {data.count - SHOWN} more</li>}
      </ul>
    </details>
  );
}
