import { z } from "zod";

/** What a setting's schema says of itself. */
export interface Setting {
  meaning: string | undefined;
  /** What is written, in a word or two. */
  kind: string;
  fallback: unknown;
}

/** Looks through what wraps a schema: defaults, options, transformations. */
export function settingOf(schema: z.core.$ZodType): Setting {
  let meaning: string | undefined;
  let fallback: unknown;
  let at = schema;
  for (;;) {
    meaning ??= z.globalRegistry.get(at as z.ZodType)?.description;
    const { def } = (at as z.core.$ZodTypes)._zod;
    if (def.type === "default") fallback ??= def.defaultValue;
    const inner = INNER[def.type]?.(def as never);
    if (inner === undefined) return { meaning, kind: kindOf(at), fallback };
    at = inner;
  }
}

const innerType = ({ innerType }: { innerType: z.core.$ZodType }): z.core.$ZodType => innerType;

const INNER: Readonly<Record<string, (def: never) => z.core.$ZodType>> = {
  default: innerType,
  optional: innerType,
  // What is written is what goes in; a preprocess takes anything, and its other side says more.
  pipe: ({ in: from, out }: z.core.$ZodPipeDef) => ((from as z.core.$ZodTypes)._zod.def.type === "transform" ? out : from),
};

const KINDS: Readonly<Record<string, string>> = { number: "number", boolean: "true, false", array: "list", string: "text" };

function kindOf(schema: z.core.$ZodType): string {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "enum")
    return Object.values(def.entries)
      .map(word => `\`${word}\``)
      .join(", ");
  if (schema instanceof z.ZodNumber) return rangeOf(schema);
  return schema instanceof z.ZodURL ? "address" : (KINDS[def.type] ?? "text");
}

/** Whole numbers end somewhere by themselves. */
function rangeOf({ minValue, maxValue }: z.ZodNumber): string {
  const from = minValue === null || minValue <= Number.MIN_SAFE_INTEGER ? "" : ` from ${minValue}`;
  return `number${from}${maxValue === null || maxValue >= Number.MAX_SAFE_INTEGER ? "" : ` to ${maxValue}`}`;
}
