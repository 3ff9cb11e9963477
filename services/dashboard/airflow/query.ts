import { z } from "zod";
import { absent } from "./absent.ts";

/**
 * A query that has these parameters.
 * @throws ApiError 501 for any other: a filter that is left out in silence would be a wrong answer
 */
export const airflowQuery = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess(given => {
    const strange = Object.keys((given ?? {}) as object).find(name => !Object.hasOwn(shape, name));
    if (strange !== undefined) throw absent(`the parameter '${strange}'`);
    return given;
  }, z.object(shape));

/** "true", "1", … as Airflow reads them. */
export const Flag = z.stringbool();

/** `a` or `a=…&a=…`. */
export const Many = z.union([z.string().transform(text => [text]), z.array(z.string())]);
