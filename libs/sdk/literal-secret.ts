// `pass` alone must stand by itself: COMPASS and BYPASS are words.
const NAME =
  /(passw(or)?d|passphrase|(^|[_.-])p(ass|wd)|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|authorization|credentials?|connection[_-]?string|[_-]dsn)$/i;

/** The shell's own name for the working directory. */
const NOT_SECRET = new Set(["PWD", "OLDPWD"]);

/** What well-known secrets look like, and what to call them in a message, which must never quote the value. */
const VALUES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i, "a URL with a password"],
  [/^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*$/, "a JSON web token"],
  [/^(gh[pousr]_|github_pat_)\w{20,}$/, "a GitHub token"],
  [/^glpat-[\w-]{20,}$/, "a GitLab token"],
  [/^(AKIA|ASIA)[A-Z0-9]{16}$/, "an AWS access key"],
  [/^AIza[\w-]{35}$/, "a Google API key"],
  [/^xox[abeprs]-[\w-]{10,}$/, "a Slack token"],
  [/^[sr]k_(live|test)_\w{16,}$/, "a Stripe key"],
  [/^sk-[\w-]{20,}$/, "an API key"],
  [/^npm_\w{36}$/, "an npm token"],
];

/** Why a literal environment variable looks like a secret; undefined when it does not. An empty value is no secret. */
export function literalSecret(name: string, value: string): string | undefined {
  if (value === "") return undefined;
  const kind = VALUES.find(([shape]) => shape.test(value.trim()))?.[1];
  if (kind !== undefined) return `its value looks like ${kind}`;
  return NAME.test(name) && !NOT_SECRET.has(name) ? "its name says that it is one" : undefined;
}
