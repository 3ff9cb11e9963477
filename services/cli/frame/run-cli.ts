import { WindlassError } from "#core/errors.ts";
import type { Environment } from "#runtime/config.ts";
import { type Io, processIo } from "../output/io.ts";
import type { AnyCommand, CommandGroup } from "./command.ts";
import type { Context, OutputFormat } from "./context.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { makeProgram, type Written } from "./make-program.ts";
import type { Option } from "./option.ts";

interface World {
  env: Environment;
  io: Io;
  /** Ends what the command waits for. */
  signal: AbortSignal;
  now(): number;
}

/** The signal's reason when the person has had enough. */
export const INTERRUPTED = new Error("interrupted");

/** Carries one command line out. Never throws: what went wrong is said on standard error, and in the exit code. */
export async function runCli(argv: readonly string[], groups: readonly CommandGroup[], world: World): Promise<ExitCode> {
  const { io } = world;
  let exitCode: ExitCode = EXIT.ok;
  try {
    const word = argv.find(text => !text.startsWith("-") && text !== "help");
    const program = await makeProgram(
      groups,
      io,
      group => group.name === word,
      async (command, written) => {
        exitCode = (await command.run(readWritten(command, written), contextOf(written, world))) ?? EXIT.ok;
      },
    );
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (world.signal.aborted) return EXIT.interrupted;
    if (isCommanderError(error)) return HARMLESS.has(error.code) ? EXIT.ok : EXIT.usage;
    const { describeError } = await import("./describe-error.ts");
    const failure = describeError(error);
    for (const line of failure.lines) io.say(line);
    return failure.exitCode;
  }
}

/** Commander has written what was asked for. */
const HARMLESS = new Set(["commander.helpDisplayed", "commander.version"]);

/** By its code, so that nothing of commander is loaded twice. */
const isCommanderError = (error: unknown): error is { code: string } =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("commander.");

/** Texts become what the command's table says they are. */
function readWritten(command: AnyCommand, { args, options }: Written) {
  const table = command.options as Record<string, Option<unknown>>;
  const values = Object.entries(table).map(([name, option]) => [name, readOption(option, options[name])]);
  return { args, options: Object.fromEntries(values) as Record<string, unknown> };
}

function readOption({ flags, parse, fallback }: Option<unknown>, written: unknown): unknown {
  if (written === undefined) return fallback;
  if (parse === undefined) return written;
  try {
    return parse(written as string);
  } catch (error) {
    if (error instanceof WindlassError)
      throw new WindlassError(error.code, `${flags.split(/[ ,]+/).find(f => f.startsWith("--"))}: ${error.message}`);
    throw error;
  }
}

function contextOf({ options }: Written, { env, io, signal, now }: World): Context {
  const url = options.url as string | undefined;
  const profile = options.profile as string | undefined;
  const format = (options.output ?? GLOBAL_OPTIONS.output.fallback) as OutputFormat;
  const shownIo = options.noColor === true ? { ...io, colours: false } : io;
  return {
    io: shownIo,
    env,
    signal,
    now,
    format,
    url,
    profile,
    async api() {
      const [{ ApiClient }, { chooseServer }] = await Promise.all([
        import("../client/api-client.ts"),
        import("../client/profiles.ts"),
      ]);
      return new ApiClient({ ...chooseServer({ env, url, profile }), signal });
    },
    async show(shown) {
      const { show } = await import("../output/show.ts");
      await show(shown, format, shownIo);
    },
  };
}

/** The terminal of this process; the first Ctrl-C ends what is waited for, the second one everything. */
export function processWorld(): World & { release(): void } {
  const abort = new AbortController();
  const interrupt = () => {
    if (abort.signal.aborted) process.exit(EXIT.interrupted);
    abort.abort(INTERRUPTED);
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return {
    env: process.env,
    io: processIo(process.env),
    signal: abort.signal,
    now: Date.now,
    release: () => process.off("SIGINT", interrupt).off("SIGTERM", interrupt),
  };
}
