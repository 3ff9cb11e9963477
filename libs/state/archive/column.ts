import type { JsonValue } from "#core/result.ts";

/** The name of a way to write values, and the values so written. */
export type Column = readonly [codec: string, data: JsonValue];

interface Codec {
  fits(values: readonly JsonValue[]): boolean;
  write(values: readonly JsonValue[]): JsonValue;
  read(data: JsonValue, count: number): JsonValue[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_PARTS = /^(.{8})(.{4})(.{4})(.{4})/;
const NUMBER_AT_END = /(?:0|[1-9]\d{0,8})$/;

/** The difference of two such numbers is exact. */
export const isWhole = (value: JsonValue | undefined): value is number =>
  Number.isInteger(value) && Math.abs(value as number) <= 2 ** 51;

const steps: Codec = {
  fits: values => values.every(isWhole),
  write: values => values.map((value, i) => (value as number) - ((values[i - 1] as number | undefined) ?? 0)),
  read(data) {
    let sum = 0;
    return (data as number[]).map(step => {
      sum += step;
      return sum;
    });
  },
};

const same: Codec = {
  fits: values => values.length > 0 && values.every(value => isSame(value, values[0]!)),
  write: values => values[0]!,
  read: (data, count) => Array.from({ length: count }, () => data),
};

/** Pods' uids: nothing but chance, so at least no dashes. */
const uuids: Codec = {
  fits: values => values.every(value => typeof value === "string" && UUID.test(value)),
  write: values => values.map(value => (value as string).replaceAll("-", "")).join(""),
  read: (data, count) =>
    Array.from({ length: count }, (_, i) => (data as string).slice(32 * i, 32 * (i + 1)).replace(UUID_PARTS, "$1-$2-$3-$4-")),
};

/** Texts that differ in the number at their end, such as the instances of a mapped task. */
const numbered: Codec = {
  fits(values) {
    const head = headOf(values[0]);
    return head !== undefined && values.every(value => headOf(value) === head);
  },
  write(values) {
    const head = headOf(values[0])!;
    return [head, steps.write(values.map(value => Number((value as string).slice(head.length))))];
  },
  read(data, count) {
    const [head, numbers] = data as [string, JsonValue];
    return steps.read(numbers, count).map(number => `${head}${number}`);
  },
};

const plain: Codec = { fits: () => true, write: values => [...values], read: data => data as JsonValue[] };

/** The first that fits is taken. */
const CODECS: Readonly<Record<string, Codec>> = { same, steps, uuids, numbered, plain };

function headOf(value: JsonValue | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  const found = NUMBER_AT_END.exec(value);
  return found === null ? undefined : value.slice(0, found.index);
}

const isSame = (a: JsonValue, b: JsonValue): boolean =>
  a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));

export function writeColumn(values: readonly JsonValue[]): Column {
  const [name, codec] = Object.entries(CODECS).find(([, { fits }]) => fits(values))!;
  return [name, codec.write(values)];
}

/** Gives back the values that {@link writeColumn} took. Throws a SyntaxError on a column of a later version. */
export function readColumn([name, data]: Column, count: number): JsonValue[] {
  const codec = CODECS[name];
  if (codec === undefined) throw new SyntaxError(`no codec '${name}'`);
  return codec.read(data, count);
}
