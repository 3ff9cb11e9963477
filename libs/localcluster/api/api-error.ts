/** One entry of `details.causes`, as validation writes it. */
export interface Cause {
  reason: string;
  message: string;
  field: string;
}

/** The body of every answer that is not 2xx. */
export interface Status {
  kind: "Status";
  apiVersion: "v1";
  metadata: Record<string, unknown>;
  status: "Failure" | "Success";
  message?: string;
  reason?: string;
  details?: { name?: string; group?: string; kind?: string; uid?: string; causes?: Cause[]; retryAfterSeconds?: number };
  code: number;
}

/** A refusal in the words of the real API server. Thrown by handlers, written by the server as a Status. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: Status;

  constructor(code: number, reason: string | undefined, message: string, details?: Status["details"]) {
    super(message);
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

/** Who a refusal is about. A custom kind's name has its group in it: "jobs.example.com". */
export function named(resource: string, name: string): { name?: string; group?: string; kind: string } {
  const [kind = "", ...group] = resource.split(".");
  return { ...(name === "" ? {} : { name }), ...(group.length === 0 ? {} : { group: group.join(".") }), kind };
}

/** The refusals, each with the real text. `resource` is the plural, `kind` the kind. */
export const refuse = {
  badRequest: (message: string) => new ApiError(400, "BadRequest", message),
  forbidden: (resource: string, name: string, why: string, causes?: Cause[]) =>
    new ApiError(403, "Forbidden", `${resource} "${name}" is forbidden: ${why}`, {
      ...named(resource, name),
      ...(causes ? { causes } : {}),
    }),
  notFound: (resource: string, name: string) =>
    new ApiError(404, "NotFound", `${resource} "${name}" not found`, named(resource, name)),
  noSuchPath: () => new ApiError(404, "NotFound", "the server could not find the requested resource", {}),
  method: () => new ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {}),
  exists: (resource: string, name: string, dying: boolean) =>
    new ApiError(
      409,
      "AlreadyExists",
      `${dying ? "object is being deleted: " : ""}${resource} "${name}" already exists`,
      named(resource, name),
    ),
  conflict: (resource: string, name: string, why: string) =>
    new ApiError(409, "Conflict", `Operation cannot be fulfilled on ${resource} "${name}": ${why}`, named(resource, name)),
  expired: (message: string) => new ApiError(410, "Expired", message),
  bodySize: (limitBytes: number) =>
    new ApiError(413, "RequestEntityTooLarge", `Request entity too large: limit is ${limitBytes}`),
  mediaType: (message: string) => new ApiError(415, "UnsupportedMediaType", message, {}),
  invalid(kind: string, name: string, causes: Cause[]) {
    const list = causes.map(cause => `${cause.field}: ${cause.message}`);
    const text = list.length === 1 ? list[0] : `[${list.join(", ")}]`;
    return new ApiError(422, "Invalid", `${kind} "${name}" is invalid: ${text}`, { ...named(kind, name), causes });
  },
  invalidPatch: () => new ApiError(422, "Invalid", "the server rejected our request due to an error in our request", {}),
  futureRevision: (asked: number, current: number) =>
    new ApiError(504, "Timeout", `Too large resource version: ${asked}, current: ${current}`, {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version", field: "" }],
      retryAfterSeconds: 1,
    }),
};

/** Causes of a 422, in the real wording. */
export const cause = {
  required: (field: string, detail?: string): Cause => ({
    reason: "FieldValueRequired",
    message: `Required value${detail ? `: ${detail}` : ""}`,
    field,
  }),
  invalid: (field: string, value: unknown, detail: string): Cause => ({
    reason: "FieldValueInvalid",
    message: `Invalid value: ${JSON.stringify(value)}: ${detail}`,
    field,
  }),
  duplicate: (field: string, value: unknown): Cause => ({
    reason: "FieldValueDuplicate",
    message: `Duplicate value: ${JSON.stringify(value)}`,
    field,
  }),
  notFound: (field: string, value: unknown): Cause => ({
    reason: "FieldValueNotFound",
    message: `Not found: ${JSON.stringify(value)}`,
    field,
  }),
  unsupported: (field: string, value: unknown, supported: string[]): Cause => ({
    reason: "FieldValueNotSupported",
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map(one => JSON.stringify(one)).join(", ")}`,
    field,
  }),
  forbidden: (field: string, detail: string): Cause => ({
    reason: "FieldValueForbidden",
    message: `Forbidden: ${detail}`,
    field,
  }),
};
