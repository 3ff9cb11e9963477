import { z } from "zod";
import { Instant } from "./instant.ts";
import { PageLinks } from "./list.ts";

/** Why DAG files could not be loaded. */
export const ImportErrorListReply = z.object({
  importErrors: z.array(
    z.object({
      file: z.string(),
      /** The DAG file that could not be loaded because of it, if it is another one. */
      importedBy: z.string().optional(),
      line: z.int().optional(),
      code: z.string(),
      message: z.string(),
      next: z.string().optional(),
      at: Instant,
    }),
  ),
  links: PageLinks,
});
export type ImportErrorListReply = z.infer<typeof ImportErrorListReply>;
