import { SHELL_SCRIPTS } from "../completion/shell-scripts.ts";
import { required } from "../frame/argument.ts";
import { defineCommand } from "../frame/command.ts";
import { oneOf } from "../input/one-of.ts";

export const completionCommand = defineCommand({
  name: "completion",
  summary: "Write the script that lets your shell complete commands, options, and the ids that the server knows.",
  args: { shell: required("bash, zsh or fish") },
  options: {},
  examples: [
    "source <(windlass completion bash)",
    "windlass completion zsh > ~/.zsh/completions/_windlass",
    "windlass completion fish > ~/.config/fish/completions/windlass.fish",
  ],
  async run({ args: { shell } }, { io }) {
    await io.out(SHELL_SCRIPTS[oneOf(shell, ["bash", "zsh", "fish"])]);
  },
});
