import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { WindlassError } from "#core/errors.ts";
import { type AirflowDag, AirflowReading, type Note } from "./airflow-shape.ts";

const READER = fileURLToPath(new URL("reader/read_dag.py", import.meta.url));
const TIMEOUT_MS = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;

const run = promisify(execFile);

/**
 * Reads an Airflow DAG file with Python's own parser. Nothing of the file is run.
 * @throws WL_AIRFLOW_IMPORT when there is no python3, or the file is no Python
 */
export async function readAirflow(
  file: string,
  { signal, python = "python3" }: { signal: AbortSignal; python?: string },
): Promise<{ dags: AirflowDag[]; notes: Note[] }> {
  let printed: string;
  try {
    // -B: the reader may lie where nobody may write.
    ({ stdout: printed } = await run(python, ["-B", READER, file], { timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES, signal }));
  } catch (cause) {
    signal.throwIfAborted();
    throw new WindlassError("WL_AIRFLOW_IMPORT", `${file} could not be read: ${whyNot(cause, python)}`, {
      place: { file },
      cause,
    });
  }
  const reading = AirflowReading.parse(JSON.parse(printed));
  if (!("error" in reading)) return reading;
  const { line, text } = reading.error;
  throw new WindlassError("WL_AIRFLOW_IMPORT", `no Python: ${text}`, { place: { file, line } });
}

function whyNot(cause: unknown, python: string): string {
  const { code, stderr, message } = cause as NodeJS.ErrnoException & { stderr?: string };
  if (code === "ENOENT") return `there is no ${python} here`;
  return stderr?.trim().split("\n").at(-1) ?? message;
}
