/** Reads one parameter of an address; undefined: it is not there, or makes no sense. */
type Reader<T> = (value: unknown) => T | undefined;

export const text: Reader<string> = value =>
  typeof value === "string"
    ? value || undefined
    : typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : undefined;

export const oneOf =
  <T extends string>(...choices: readonly T[]): Reader<T> =>
  value =>
    choices.find(choice => choice === value);

/** true or absent. */
export const flag: Reader<true> = value => (value === true || value === "true" || value === 1 ? true : undefined);

/** A whole number from 0 on. */
export const count: Reader<number> = value => {
  const read = typeof value === "string" ? Number(value) : value;
  return typeof read === "number" && Number.isInteger(read) && read >= 0 ? read : undefined;
};

export type SearchOf<Shape extends Record<string, Reader<unknown>>> = {
  [Name in keyof Shape]?: NonNullable<ReturnType<Shape[Name]>> | undefined;
};

/** The view of a page as its address has it: what is absent is the default, so that addresses stay short. */
export const searchOf =
  <const Shape extends Record<string, Reader<unknown>>>(shape: Shape) =>
  (raw: Record<string, unknown>): SearchOf<Shape> =>
    Object.fromEntries(
      Object.entries(shape).flatMap(([name, read]) => {
        const value = read(raw[name]);
        return value === undefined ? [] : [[name, value]];
      }),
    ) as SearchOf<Shape>;
