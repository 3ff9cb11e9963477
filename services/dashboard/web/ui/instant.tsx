import { useContext } from "react";
import { useNow } from "../live/clock.ts";
import { DagZone, MY_ZONE, useZone } from "../live/zone.ts";
import { formatAgo } from "./format-duration.ts";
import { formatInstant, type InstantStyle, zoneLabel } from "./format-instant.ts";

/** An instant in the chosen zone; its tip shows it in all of them. `at`: as the API writes it, or ms. */
export function Instant({ at, style = "auto" }: { at: string | number | undefined; style?: InstantStyle }) {
  const zone = useZone();
  const tip = useZonesTip(at);
  if (at === undefined) return <span className="quiet">–</span>;
  const atMs = toMs(at);
  return (
    <time className="number nowrap" dateTime={new Date(atMs).toISOString()} data-tip={tip}>
      {formatInstant(atMs, zone, style, Date.now())}
    </time>
  );
}

/** "3 m ago", kept up to date; its tip shows the instant in all zones. */
export function Ago({ at }: { at: string | number | undefined }) {
  const now = useNow();
  const tip = useZonesTip(at);
  if (at === undefined) return <span className="quiet">–</span>;
  const atMs = toMs(at);
  return (
    <time className="number nowrap" dateTime={new Date(atMs).toISOString()} data-tip={tip}>
      {formatAgo(atMs, now)}
    </time>
  );
}

export const toMs = (at: string | number): number => (typeof at === "number" ? at : Date.parse(at));

function useZonesTip(at: string | number | undefined): string | undefined {
  const dagZone = useContext(DagZone);
  if (at === undefined) return undefined;
  const atMs = toMs(at);
  const zones = [...new Set(["UTC", ...(dagZone === undefined ? [] : [dagZone]), MY_ZONE])];
  return zones.map(zone => `${formatInstant(atMs, zone, "full", atMs)}  ${zoneLabel(zone, atMs)}`).join("\n");
}
