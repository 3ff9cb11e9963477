import { createContext, useContext } from "react";
import { useObservable } from "./observable.ts";
import { preference } from "./preference.ts";

/** Whose clock the pages show. */
export const ZONES = ["utc", "dag", "mine"] as const;
export type Zone = (typeof ZONES)[number];

export const zone = preference<Zone>("zone", ZONES, "mine");

export const MY_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** The zone of the DAG that a part of a page is about. */
export const DagZone = createContext<string | undefined>(undefined);

/** IANA name of the zone that instants are written in here. Where no DAG is meant, "the DAG's" is UTC. */
export function useZone(): string {
  const chosen = useObservable(zone);
  const dagZone = useContext(DagZone);
  return { utc: "UTC", dag: dagZone ?? "UTC", mine: MY_ZONE }[chosen];
}
