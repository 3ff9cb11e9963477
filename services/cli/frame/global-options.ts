import { OUTPUT_FORMATS } from "./context.ts";
import { choice, flag, text, withDefault } from "./option.ts";

/** Options that every command takes. */
export const GLOBAL_OPTIONS = {
  output: withDefault(choice("-o, --output <format>", "how data is written", OUTPUT_FORMATS), "table"),
  url: text("--url <address>", "the server, instead of the profile's"),
  profile: text("--profile <name>", "the stored server to use; see windlass login", { complete: "profile" }),
  noColor: flag("--no-color", "no colours; as NO_COLOR"),
} as const;
