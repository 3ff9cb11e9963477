import { completeWords } from "../completion/complete-words.ts";
import { lookUp } from "../completion/look-up.ts";
import { many } from "../frame/argument.ts";
import { defineCommand } from "../frame/command.ts";
import { text } from "../frame/option.ts";
import { GROUPS } from "./groups.ts";

/** Nobody waits longer for a completion. */
const PATIENCE_MS = 1_000;

export const completeCommand = defineCommand({
  name: "__complete",
  summary: "Answer a shell that completes a word.",
  args: { words: many("the words behind windlass; the last one is being written") },
  options: { line: text("--line <text>", "the whole line up to the cursor, as bash has it") },
  passThrough: true,
  async run({ args, options: { line } }, context) {
    const words = line === undefined ? args.words : line.split(/\s+/).slice(1);
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const api = async () => {
      const [{ ApiClient }, { chooseServer }] = await Promise.all([
        import("../client/api-client.ts"),
        import("../client/profiles.ts"),
      ]);
      return new ApiClient({ ...chooseServer(context), signal });
    };
    const found = await completeWords(words, GROUPS, asked => lookUp(asked, { ...context, signal, api }));
    // Bash takes what is behind the last of these for the whole word.
    const cut = line === undefined ? 0 : Math.max(...["@", ":", "="].map(sign => words.at(-1)!.lastIndexOf(sign))) + 1;
    await context.io.out(found.map(word => `${word.slice(cut)}\n`).join(""));
  },
});
