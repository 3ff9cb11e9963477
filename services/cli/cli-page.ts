import { GROUPS } from "./commands/groups.ts";
import type { Argument } from "./frame/argument.ts";
import { type AnyCommand, commandsOf } from "./frame/command.ts";
import { EXIT } from "./frame/exit-code.ts";
import { GLOBAL_OPTIONS } from "./frame/global-options.ts";
import type { Option } from "./frame/option.ts";

const LOADED = await Promise.all(GROUPS.map(async group => ({ group, commands: await commandsOf(group) })));

const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: "done",
  failed: "the run did not succeed, a check found something, or Windlass failed",
  usage: "the command line, a setting or a parameter is wrong",
  notFound: "there is no such DAG, run, task, …",
  auth: "not logged in, or not allowed",
  unreachable: "the server, Redis or the cluster does not answer",
  conflict: "it exists already, or has changed meanwhile",
  timeout: "`--timeout` was over",
  interrupted: "Ctrl-C",
};

/** docs/reference/cli.md: every command of the command line. */
export const cliPage = (): string => `# The command line

<!-- Written by \`node services/cli/docs.ts\` from services/cli/commands. -->

\`\`\`bash
npx windlass --help
\`\`\`

Data goes to standard output, talk to standard error: \`windlass runs list -o json | jq\` sees nothing but JSON, and without \`-o\` columns are the same in a pipe as on a
terminal, but for the colours. \`windlass completion bash\` (zsh, fish) completes commands, options, and the ids that the server knows now.

* **A run** is named by its id, by \`@latest\` (the youngest of all) or \`etl@latest\` (the youngest of a DAG).
* **A time** is \`2026-11-01\`, \`2026-11-01T06:30Z\`, \`-2h\`, \`now\`; a length \`90s\`, \`5m\`, \`1h30m\`.
* **A parameter** is \`-p name=value\`; a value that is JSON counts as JSON. \`-f params.json\` lies under them.
* **What changes something** has \`--dry-run\`; what stops or removes something asks before, unless \`-y\`.

## The server

\`--url\`, else \`--profile\`, else \`WINDLASS_URL\`, else \`WINDLASS_PROFILE\`, else the profile that \`windlass login\` stored last, else \`http://127.0.0.1:8080\`.
\`WINDLASS_TOKEN\` wins over a profile's token; a profile's token is sent to that profile's server only. \`WINDLASS_PROFILES\` names another file than
\`~/.config/windlass/profiles.json\`. \`NO_COLOR\` takes the colours away.

## Exit codes

| code | meaning |
| --- | --- |
${Object.entries(EXIT)
  .map(([name, code]) => `| ${code} | ${EXIT_MEANINGS[name as keyof typeof EXIT]} |`)
  .join("\n")}

\`windlass run\` exits with the code of the program in the pod. Errors say what to do next.

## Options of every command

${optionTable(Object.values(GLOBAL_OPTIONS) as Option<unknown>[])}
| \`-h, --help\` | print the help |

${LOADED.map(({ group, commands }) => sections(group.name, commands)).join("\n")}`;

function sections(group: string, commands: readonly AnyCommand[]): string {
  const isSingle = commands.length === 1 && commands[0]!.name === group;
  const title = isSingle ? "" : `## windlass ${group}\n\n`;
  return (
    title +
    commands.map(command => section(isSingle ? "##" : "###", isSingle ? group : `${group} ${command.name}`, command)).join("\n")
  );
}

function section(level: string, words: string, command: AnyCommand): string {
  const args = Object.entries(command.args as Record<string, Argument<unknown>>);
  const options = Object.values(command.options as Record<string, Option<unknown>>);
  const usage = [
    `windlass ${words}`,
    ...args.map(([name, { kind }]) => PLACEHOLDER[kind](name)),
    ...(options.length === 0 ? [] : ["[options]"]),
  ];
  return `${[
    `${level} windlass ${words}`,
    [command.summary, command.details].filter(text => text !== undefined).join(" "),
    `\`\`\`text\n${[usage.join(" "), ...(command.examples ?? [])].join("\n")}\n\`\`\``,
    ...(args.length === 0 ? [] : [argumentTable(args)]),
    ...(options.length === 0 ? [] : [optionTable(options)]),
  ].join("\n\n")}\n`;
}

const PLACEHOLDER: Readonly<Record<Argument<unknown>["kind"], (name: string) => string>> = {
  required: name => name.toUpperCase(),
  optional: name => `[${name.toUpperCase()}]`,
  many: name => `[${name.toUpperCase()}...]`,
  some: name => `${name.toUpperCase()}...`,
};

const argumentTable = (args: readonly (readonly [string, Argument<unknown>])[]): string =>
  [
    "| argument | |",
    "| --- | --- |",
    ...args.map(([name, { meaning }]) => `| \`${name.toUpperCase()}\` | ${cell(meaning)} |`),
  ].join("\n");

function optionTable(options: readonly Option<unknown>[]): string {
  const rows = options.map(({ flags, meaning, choices, fallbackText }) => {
    const notes = [
      ...(choices === undefined ? [] : [choices.map(word => `\`${word}\``).join(", ")]),
      ...(fallbackText === undefined ? [] : [`default \`${fallbackText}\``]),
    ];
    return `| \`${cell(flags)}\` | ${cell([meaning, ...notes].join("; "))} |`;
  });
  return ["| option | |", "| --- | --- |", ...rows].join("\n");
}

/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
