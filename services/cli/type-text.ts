import { z } from "zod";
import { AssetExpression } from "#core/asset.ts";
import { DurationMs } from "#core/duration.ts";
import { EnvSource, SecretRef } from "#core/pod/env-value.ts";
import { PodPatch } from "#core/pod/pod-patch.ts";
import { AssetConditionInput, AssetInput } from "#sdk/asset.ts";
import { Expression, TaskListInput } from "#sdk/chooser-kinds.ts";
import { ContainersInput } from "#sdk/container-input.ts";
import { EnvInput, WordsInput } from "#sdk/env.ts";
import { ExitCode, FailureCode, FailureRule } from "#sdk/failure-rule.ts";
import { NoticeList } from "#sdk/notice-options.ts";
import { ParamsInput } from "#sdk/params-schema.ts";
import { PodOverrideInput, PodTemplateInput } from "#sdk/pod-override.ts";
import { ResultInput } from "#sdk/result-schema.ts";
import { ScheduleInput } from "#sdk/schedule-input.ts";
import { SignedDurationMs } from "#sdk/signed-duration.ts";
import { DefaultArgs } from "#sdk/task-options.ts";

/** Schemas that have a name in the reference. What is made of one by a further check has its name, too. */
const NAMED = z.registry<{ text: string }>();
const NAMES: readonly (readonly [z.ZodType, string])[] = [
  [AssetInput, "asset"],
  [AssetConditionInput, "asset"],
  [AssetExpression, "asset"],
  [ContainersInput, "Container[]"],
  [DefaultArgs, "task options"],
  [DurationMs, "duration"],
  [EnvInput, "{ [name]: string | source }"],
  [EnvSource, "source"],
  [ExitCode, "exit code"],
  [Expression, "reference"],
  [FailureCode, "failure code"],
  [FailureRule, "exit or failure code"],
  [NoticeList, "notice | notice[]"],
  [ParamsInput, "z.object"],
  [PodOverrideInput, "part of a Pod | function"],
  [PodPatch, "part of a Pod"],
  [PodTemplateInput, "part of a Pod | file name"],
  [ResultInput, "zod schema"],
  [ScheduleInput, "schedule"],
  [SecretRef, "secret"],
  [TaskListInput, "task, group or list"],
  [SignedDurationMs, "duration, may be negative"],
  [WordsInput, "string[]"],
];
for (const [schema, text] of NAMES) NAMED.add(schema, { text });

/** A schema in the words of a TypeScript reader: `"fixed" | "exponential" | { type, max?, jitter? }`. */
export function typeText(schema: z.core.$ZodType): string {
  const known = NAMED.get(schema as z.ZodType)?.text;
  return known ?? PRINTERS[schema._zod.def.type]?.(schema as never) ?? titleOf(schema);
}

const inner = ({ _zod: { def } }: { _zod: { def: { innerType: z.core.$ZodType } } }): string => typeText(def.innerType);

const PRINTERS: Readonly<Record<string, (schema: never) => string>> = {
  string: () => "string",
  number: () => "number",
  boolean: () => "boolean",
  date: () => "Date",
  unknown: () => "any JSON",
  literal: ({ _zod: { def } }: z.core.$ZodLiteral) => def.values.map(value => JSON.stringify(value)).join(" | "),
  enum: ({ _zod: { def } }: z.core.$ZodEnum) =>
    Object.values(def.entries)
      .map(value => JSON.stringify(value))
      .join(" | "),
  array: ({ _zod: { def } }: z.core.$ZodArray) => {
    const item = typeText(def.element);
    return / \| /.test(item) ? `(${item})[]` : `${item}[]`;
  },
  record: ({ _zod: { def } }: z.core.$ZodRecord) => `{ [name]: ${typeText(def.valueType)} }`,
  object: ({ _zod: { def } }: z.core.$ZodObject) =>
    `{ ${Object.entries(def.shape)
      .map(([name, field]) => name + (isOptional(field) ? "?" : ""))
      .join(", ")} }`,
  union: ({ _zod: { def } }: z.core.$ZodUnion) => [...new Set(def.options.map(typeText))].join(" | "),
  optional: inner,
  default: inner,
  pipe: ({ _zod: { def } }: z.core.$ZodPipe) => typeText(def.in),
};

/** Kubernetes' name of its own type, "[]Volume" as "Volume[]". */
function titleOf(schema: z.core.$ZodType): string {
  const title = z.globalRegistry.get(schema as z.ZodType)?.title;
  if (title === undefined) throw new Error(`services/cli/type-text.ts has no name for a schema of type ${schema._zod.def.type}`);
  return title.replace(/^\[\](.*)$/, "$1[]");
}

/** Whether the field may be left out. */
export const isOptional = (schema: z.core.$ZodType): boolean => schema._zod.optin !== undefined;
