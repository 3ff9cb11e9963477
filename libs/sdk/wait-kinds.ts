import { z } from "zod";
import { DurationMs } from "#core/duration.ts";
import { Id } from "#core/id.ts";
import { WaitSpec } from "#core/wait-spec.ts";
import { AssetInput } from "./asset.ts";
import { httpOptions, type RequestTexts, requestOf } from "./http-options.ts";
import type { Kind } from "./kind.ts";
import type { Reference } from "./reference.ts";
import { SignedDurationMs } from "./signed-duration.ts";
import { everyTask, workerTask } from "./task-rules.ts";
import type { Templated } from "./templated.ts";

/** What every wait can say. */
const wait = {
  /** How often it looks. Default: "30s"; a wait for a time looks when it has come. */
  every: DurationMs.refine(ms => ms >= 1_000, { error: "the shortest time between two looks is 1s" }).optional(),
  /** true: a wait whose timeout is over, or that can never end, is skipped instead of failed. Default: false. */
  softFail: z.boolean().optional(),
  ...workerTask,
  ...everyTask,
};

type WaitFields = Pick<z.output<z.ZodObject<typeof wait>>, "every" | "softFail">;
const waiting = (target: WaitSpec, { every, softFail }: WaitFields) => ({
  operator: "wait" as const,
  for: target,
  everyMs: every,
  softFail,
});

const Instant = z.union([z.date().transform(date => date.toISOString()), z.string().min(1)], {
  error: 'a date such as "2026-01-31T06:30Z", a Date, or a reference',
});

export const WaitUntilOptions = z.strictObject({
  /** An instant: "2026-01-31T06:30Z", a Date, or a reference to one. */
  at: Instant.optional(),
  /** Instead of `at`: so long after everything before the task has ended. */
  after: DurationMs.optional(),
  ...wait,
});
/** Options of a wait for a time: `at`, or `after`. */
export interface WaitUntilOptions extends Omit<z.input<typeof WaitUntilOptions>, "at"> {
  at?: string | Date | Reference<string> | undefined;
}

export const WAIT_UNTIL: Kind<typeof WaitUntilOptions> = {
  options: WaitUntilOptions,
  isWorked: true,
  fields: ({ at, after, ...rest }) => waiting({ kind: "time", until: at, afterMs: after }, rest),
};

export const WaitHttpOptions = z.strictObject({
  ...httpOptions,
  /** What the answer, as JSON, must have: { path: "status.phase", equals: "Ready" }; without equals anything that is true. Default: nothing. */
  expect: z.strictObject({ path: z.string().min(1), equals: z.unknown().optional() }).optional(),
  ...wait,
});
/** Options of a wait for an answer over HTTP. */
export interface WaitHttpOptions
  extends Omit<z.input<typeof WaitHttpOptions>, RequestTexts>,
    Templated<Pick<z.input<typeof WaitHttpOptions>, RequestTexts>> {}

export const WAIT_HTTP: Kind<typeof WaitHttpOptions> = {
  options: WaitHttpOptions,
  isWorked: true,
  fields: options => waiting({ kind: "http", request: requestOf(options), body: options.expect }, options),
};

const RunWait = WaitSpec.options[2];

export const WaitRunOptions = z.strictObject({
  /** The DAG whose run is waited for: the one with the same logical date. */
  dag: Id,
  /** Its run of an earlier logical date: "1d" is yesterday's; a negative one is later. Default: 0. */
  offset: SignedDurationMs.optional(),
  /** A task of the run instead of the whole run. */
  task: Id.optional(),
  /** Ends that count; the wait fails with any other. Default: ["success"]. */
  states: RunWait.shape.states,
  ...wait,
});
/** Options of a wait for another DAG's run. */
export interface WaitRunOptions extends z.input<typeof WaitRunOptions> {}

export const WAIT_RUN: Kind<typeof WaitRunOptions> = {
  options: WaitRunOptions,
  isWorked: true,
  fields: ({ dag, offset, task, states, ...rest }) => waiting({ kind: "run", dag, offsetMs: offset, task, states }, rest),
};

export const WaitAssetOptions = z.strictObject({
  /** The asset: asset("s3://lake/orders"). The wait ends with the first update after the run's creation. */
  asset: AssetInput,
  ...wait,
});
/** Options of a wait for an asset. */
export interface WaitAssetOptions extends z.input<typeof WaitAssetOptions> {}

export const WAIT_ASSET: Kind<typeof WaitAssetOptions> = {
  options: WaitAssetOptions,
  isWorked: true,
  fields: ({ asset, ...rest }) => waiting({ kind: "asset", asset }, rest),
};
