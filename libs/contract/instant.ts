import { z } from "zod";

/** An instant as the API writes it: ISO 8601 in UTC with milliseconds, `2026-11-24T20:00:00.000Z`. */
export const Instant = z.iso.datetime({ precision: 3 });

/** Milliseconds since the epoch → {@link Instant}. */
export const toInstant = (atMs: number): string => new Date(atMs).toISOString();

/** Optional milliseconds → an optional field: `...instantField("endedAt", run.endedAt)`. */
export const instantField = <Name extends string>(name: Name, atMs: number | undefined): { [key in Name]?: string } =>
  (atMs === undefined ? {} : { [name]: toInstant(atMs) }) as { [key in Name]?: string };
