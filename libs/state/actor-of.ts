import type { HistoryEntry } from "./run-store.ts";

/** Who did something: a person or program by the name of its login, a worker, or the leader. */
export type Actor = { kind: "person" | "worker"; name: string } | { kind: "leader" };

/** An entry of the history names its person or its worker; what names nobody is the leader's. */
export function actorOf({ by, worker, trigger }: HistoryEntry): Actor {
  const person = by ?? (trigger as { by?: unknown } | undefined)?.by;
  if (typeof person === "string") return { kind: "person", name: person };
  if (typeof worker === "string") return { kind: "worker", name: worker };
  return { kind: "leader" };
}
