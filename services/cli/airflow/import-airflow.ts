import { basename } from "node:path";
import { WindlassError } from "#core/errors.ts";
import type { Note } from "./airflow-shape.ts";
import { readAirflow } from "./read-airflow.ts";
import { turnDag } from "./turn-dag.ts";
import { Turner } from "./turner.ts";
import { writeDagFile } from "./write-dag-file.ts";

export interface ImportedFile {
  /** The TypeScript. */
  text: string;
  dagIds: string[];
  /** What is otherwise than in Airflow, by line of the Airflow file. */
  notes: Note[];
}

/**
 * Turns an Airflow DAG file into a DAG file of Windlass. Nothing of it is run.
 * @throws WL_AIRFLOW_IMPORT when it cannot be read, or there is no DAG in it
 */
export async function importAirflow(file: string, options: { signal: AbortSignal; python?: string }): Promise<ImportedFile> {
  const reading = await readAirflow(file, options);
  const turned = reading.dags.filter(({ tasks }) => tasks.length > 0).map(dag => turnDag(dag, new Turner()));
  const dags = turned.map(({ dag }) => dag);
  if (dags.length === 0)
    throw new WindlassError(
      "WL_AIRFLOW_IMPORT",
      "there is no DAG with tasks in it, as far as it can be told without running it",
      {
        place: { file },
      },
    );
  const notes = [...reading.notes, ...turned.flatMap(({ notes }) => notes)].sort((a, b) => a.line - b.line);
  return { text: writeDagFile({ from: basename(file), dags, notes }), dagIds: dags.map(({ id }) => id), notes };
}
