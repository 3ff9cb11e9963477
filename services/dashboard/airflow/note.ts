import type { Ports } from "../ports.ts";

/** Writes what Airflow calls a note. null removes it; undefined leaves it. */
export async function writeNote(
  note: string | null | undefined,
  about: { runId: string; taskId?: string; by: string },
  { acts, now }: Pick<Ports, "acts" | "now">,
): Promise<void> {
  if (note === undefined) return;
  await acts.remark(about.runId, about.taskId, { text: note ?? "", by: about.by, at: now() });
}
