import { z } from "zod";

/** Names a thing that tasks make and DAGs wait for, usually by its address: "s3://lake/orders". */
export const AssetName = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[\x21-\x7e]+$/);

/** Which assets must have been updated since the last run. */
export type AssetExpression = string | { all: AssetExpression[] } | { any: AssetExpression[] };
export const AssetExpression: z.ZodType<AssetExpression> = z.lazy(() =>
  z.union([
    AssetName,
    z.strictObject({ all: z.array(AssetExpression).min(1) }),
    z.strictObject({ any: z.array(AssetExpression).min(1) }),
  ]),
);
