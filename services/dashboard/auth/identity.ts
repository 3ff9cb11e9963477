import type { Request } from "express";
import type { Grant } from "#core/rights.ts";

/** Who a request comes from, as its credentials say. */
export interface Identity {
  /** A person's name, "token" for the installation's own, "<maker>/<name>" for an API token, "anonymous" where no login is asked for. */
  name: string;
  grants: readonly Grant[];
  /** The browser sends these credentials by itself, also with requests that another site has caused. */
  ambient: boolean;
  /** Of a browser's session. */
  session?: Session;
}

/** What a session's cookie says. */
export interface Session {
  id: string;
  /** What a write has to bring along to show that our own page has sent it. */
  csrf: string;
}

/** May do everything. */
export const ADMIN: readonly Grant[] = Object.freeze([{ role: "admin" }]);

const identities = new WeakMap<Request, Identity>();

/** undefined before the login was looked at, and when it was refused. */
export const identityOf = (request: Request): Identity | undefined => identities.get(request);

export const setIdentity = (request: Request, identity: Identity): void => void identities.set(request, identity);

/** For logs: the name of who asks; "anonymous" before and without a login. */
export const nameOf = (request: Request): string => identities.get(request)?.name ?? "anonymous";
