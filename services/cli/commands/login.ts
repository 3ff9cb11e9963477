import { WindlassError } from "#core/errors.ts";
import { showMe } from "../../dashboard/routes/show-me.ts";
import { ApiClient } from "../client/api-client.ts";
import { type ProfilesFile, profilesPath, readProfiles, writeProfiles } from "../client/profiles.ts";
import { tokenByPassword } from "../client/token-by-password.ts";
import { optional } from "../frame/argument.ts";
import { defineCommand } from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import { flag, parsed, text, withDefault } from "../frame/option.ts";
import { durationMs } from "../input/parse-number.ts";
import { grantText } from "../output/grant-text.ts";

export const loginCommand = defineCommand({
  name: "login",
  summary: "Store a server and a token under a name, after trying them; later commands use them.",
  details:
    "The token is asked for, or read from standard input with --token-stdin; make one with windlass tokens create, or on the dashboard. With --user a password is asked for instead, and a token made with it. Profiles lie in ~/.config/windlass/profiles.json, readable by you alone.",
  args: { address: optional("the server, such as https://windlass.example.org") },
  options: {
    name: withDefault(text("--as <name>", "the profile's name"), "default"),
    user: text("-u, --user <name>", "log in with a name and a password"),
    expiresIn: withDefault(
      parsed("--expires-in <duration>", "how long the token of --user is good for", durationMs),
      90 * 86_400_000,
      "90d",
    ),
    tokenStdin: flag("--token-stdin", "read the token, or the password, from standard input"),
    noToken: flag("--no-token", "the server asks for none"),
    list: flag("--list", "list the profiles"),
    use: text("--use <name>", "make a stored profile the current one", { complete: "profile" }),
    remove: text("--remove <name>", "forget a profile", { complete: "profile" }),
  },
  examples: ["windlass login https://windlass.example.org --as prod", "windlass login --use prod", "windlass login --list"],
  async run({ args: { address }, options }, context) {
    const { env, io } = context;
    const file = readProfiles(env);
    if (options.list) return showProfiles(file, context);
    if (options.use !== undefined) return writeProfiles(env, { ...file, current: known(file, options.use) });
    if (options.remove !== undefined) return writeProfiles(env, without(file, known(file, options.remove)));
    if (address === undefined)
      throw new WindlassError("WL_CLI_USAGE", "which server? windlass login https://windlass.example.org");
    if (!/^https?:\/\/[^/]+/.test(address))
      throw new WindlassError("WL_CLI_USAGE", `'${address}' does not begin with http:// or https://`);
    const url = new URL(address).origin;
    const token = options.noToken ? undefined : await findToken(url, options, context);
    const me = await new ApiClient({ url, token, signal: context.signal }).call(showMe);
    const profile = { url, ...(token === undefined ? {} : { token }) };
    writeProfiles(env, { current: options.name, profiles: { ...file.profiles, [options.name]: profile } });
    io.say(
      `You are ${me.name} (${me.grants.map(grantText).join("; ")}) on ${url}; stored as '${options.name}' in ${profilesPath(env)}`,
    );
  },
});

interface TokenOptions {
  user: string | undefined;
  expiresIn: number;
  tokenStdin: boolean;
}

async function findToken(url: string, { user, expiresIn, tokenStdin }: TokenOptions, context: Context): Promise<string> {
  if (user === undefined) return readSecret("Token", tokenStdin, context.env.WINDLASS_TOKEN, context);
  const password = await readSecret(`Password of ${user}`, tokenStdin, undefined, context);
  return tokenByPassword({ url, name: user, password, expiresInMs: expiresIn, signal: context.signal });
}

async function readSecret(what: string, fromStdin: boolean, known: string | undefined, { io }: Context): Promise<string> {
  if (!fromStdin && known) return known;
  if (!fromStdin && !io.canAsk)
    throw new WindlassError("WL_CLI_USAGE", "nobody is there to type it: use --token-stdin or --no-token");
  const secret = (fromStdin ? await io.readAll() : await io.ask(`${what}: `, { hidden: true })).trim();
  if (secret === "") throw new WindlassError("WL_CLI_USAGE", "it is empty");
  return secret;
}

function known({ profiles }: ProfilesFile, name: string): string {
  if (Object.hasOwn(profiles, name)) return name;
  throw new WindlassError("WL_CLI_PROFILE", `there is no profile '${name}'`);
}

function without({ current, profiles }: ProfilesFile, name: string): ProfilesFile {
  const { [name]: _, ...left } = profiles;
  return { ...(current === undefined || current === name ? {} : { current }), profiles: left };
}

async function showProfiles({ current, profiles }: ProfilesFile, context: Context): Promise<void> {
  const rows = Object.entries(profiles).map(([name, { url, token }]) => ({
    name,
    url,
    token: token !== undefined,
    current: name === current,
  }));
  await context.show({
    data: rows,
    rows,
    columns: [
      { title: "PROFILE", cell: row => row.name },
      { title: "SERVER", cell: row => row.url },
      { title: "TOKEN", cell: row => (row.token ? "stored" : undefined) },
      { title: "CURRENT", cell: row => (row.current ? "yes" : undefined) },
    ],
    name: row => row.name,
    empty: "No profile is stored.",
  });
}
