import { z } from "zod";

/** How many items one answer may have. */
export const LIST_LIMIT = 1_000;

/** Which part of a list is asked for. `cursor` comes out of `links.next` of the page before, and is nobody's to make. */
export const pageQuery = (usual: number, most = LIST_LIMIT) => ({
  limit: z.coerce.number().int().min(1).max(most).default(usual),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,1000}$/, "is no cursor of this list")
    .optional(),
});

/** Where the next page is; absent on the last one. Also in the header `Link`, as `rel="next"`. */
export const PageLinks = z.object({ next: z.string().optional() });
export type PageLinks = z.infer<typeof PageLinks>;

/** `state=failed,running` */
export const commaList = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(text => (typeof text === "string" ? text.split(",") : text), z.array(item).min(1).max(50));

/** `paused=true`; the other words are those that people type. */
const WORDS: Readonly<Record<string, boolean>> = { true: true, false: false, "1": true, "0": false, "": true };
export const Flag = z.preprocess(
  text => (typeof text === "string" ? (WORDS[text] ?? text) : text),
  z.boolean({ error: "must be true or false" }),
);

/** `createdAfter=2026-11-24T20:00:00Z`, with "Z" or an offset; read as ms. Nothing is older than 1970. */
export const InstantQuery = z.iso.datetime({ offset: true }).transform(text => Math.max(0, Date.parse(text)));

/** A field to sort by, as it is or backwards with "-" in front. */
export const orderBy = <const Field extends string>(...fields: readonly Field[]) =>
  z.enum(fields.flatMap(field => [field, `-${field}`] as const));

/** A list without conditions, in its one order. */
export const PageQuery = z.strictObject(pageQuery(500));
