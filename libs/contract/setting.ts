import { z } from "zod";
import { PageLinks } from "./list.ts";

/** The settings of the process that answers. */
export const SettingListReply = z.object({
  settings: z.array(
    z.object({
      name: z.string(),
      /** As it was written. Absent: it is not set and has no default, or it is secret. */
      value: z.string().optional(),
      /** "file": NAME_FILE names a file that holds it. */
      origin: z.enum(["env", "file", "default", "unset"]),
      /** Its value is never shown. */
      secret: z.boolean(),
      description: z.string().optional(),
    }),
  ),
  links: PageLinks,
});
