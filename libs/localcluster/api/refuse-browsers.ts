import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { ApiError } from "./api-error.ts";

const hostName = (host: string): string => host.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");

/**
 * A pod is a command on this machine, and the port asks for no password: a web page in a browser of this machine must not be able to
 * start one. Pages are known by the headers browsers cannot leave out, and, on loopback, by a foreign host name (DNS rebinding).
 */
export function refuseBrowsers(headers: IncomingHttpHeaders, local: boolean): void {
  const fromPage = headers.origin !== undefined || headers["sec-fetch-site"] !== undefined;
  const host = hostName(headers.host ?? String(headers[":authority"] ?? "localhost"));
  const foreign = local && host !== "localhost" && !host.endsWith(".localhost") && isIP(host) === 0;
  if (fromPage || foreign) throw new ApiError(403, "Forbidden", "the local cluster does not answer web pages", {});
}
