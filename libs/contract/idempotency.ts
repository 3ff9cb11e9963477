import { z } from "zod";

/** The optional header of a POST: requests with one key are one request. Kept for 24 hours, by caller and path. */
export const IdempotencyKey = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, "must be 1 to 200 visible ASCII characters")
    .optional(),
});
