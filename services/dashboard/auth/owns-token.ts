import type { ApiToken } from "#state/token-store.ts";

/** Whether the person has made the token, by hand or with a token of theirs. */
export const ownsToken = (name: string, { by }: Pick<ApiToken, "by">): boolean => by === name || by.startsWith(`${name}/`);
