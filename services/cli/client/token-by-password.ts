import { hostname } from "node:os";
import { createToken } from "../../dashboard/routes/create-token.ts";
import { ApiClient } from "./api-client.ts";
import { ApiProblem } from "./api-problem.ts";

interface Login {
  url: string;
  name: string;
  password: string;
  /** How long the token is good for. */
  expiresInMs: number;
  signal: AbortSignal;
}

/** The cookie whose value a write has to bring along in a header. */
const CSRF_COOKIE = "XSRF-TOKEN";

/** Logs in with a password, and makes an API token of it that can be stored: the password is not. @throws ApiProblem, WL_CLI_UNREACHABLE */
export async function tokenByPassword({ url, name, password, expiresInMs, signal }: Login): Promise<string> {
  const api = new ApiClient({ url, signal });
  const answer = await api.reach(`${url}/login`, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ name, password }),
    redirect: "manual",
  });
  if (!answer.ok) throw new ApiProblem(answer.status, await answer.text());
  const cookies = answer.headers.getSetCookie().map(cookie => cookie.split(";", 1)[0]!);
  const csrf = cookies.find(cookie => cookie.startsWith(`${CSRF_COOKIE}=`))?.slice(CSRF_COOKIE.length + 1) ?? "";
  const { token } = await api.call(createToken, {
    body: { name: `cli-${hostname().replace(/[^A-Za-z0-9_.-]/g, "-")}`.slice(0, 100), expiresIn: expiresInMs },
    headers: { cookie: cookies.join("; "), "x-xsrf-token": csrf },
  });
  return token;
}
