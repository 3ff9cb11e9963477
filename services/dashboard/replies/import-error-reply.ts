import type { ImportErrorListReply } from "#contract/import-error.ts";
import { toInstant } from "#contract/instant.ts";
import { ERRORS, type ErrorCode } from "#core/errors.ts";
import type { ImportError } from "#state/dag-store.ts";

export const importErrorReply = (error: ImportError): ImportErrorListReply["importErrors"][number] => ({
  ...error,
  ...(Object.hasOwn(ERRORS, error.code) ? { next: ERRORS[error.code as ErrorCode] } : {}),
  at: toInstant(error.at),
});
