import type { KubeObject } from "../store/kube-object.ts";
import type { Call } from "./api-context.ts";
import { refuse } from "./api-error.ts";
import { decodeProtobuf } from "./protobuf.ts";
import type { Resource } from "./resources.ts";
import { decodeStrictly, withoutFields } from "./strict-decoding.ts";

export interface Decoded {
  object: KubeObject;
  warnings: string[];
}

/** kubectl sends it for a few kinds; see protobuf.ts. */
const PROTOBUF = "application/vnd.kubernetes.protobuf";

/** The body as JSON. Throws the 400 of the real API server; `kind` is what the path expects. */
export function parseJson(body: Buffer, kind: string): unknown {
  const text = body.toString();
  try {
    return JSON.parse(text);
  } catch (error) {
    const shown = text === "" ? "<empty>" : text.slice(0, 100);
    throw refuse.badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${(error as Error).message} (${shown})`,
    );
  }
}

/** Reads a body as an object of the request's kind, with field validation as the query asks: Strict, Warn (default) or Ignore. */
export function decodeBody({ request, headers, body }: Call): Decoded {
  const { resource } = request;
  const { kind } = resource;
  const type = headers["content-type"] ?? "application/json";
  const parsed = /^application\/json/.test(type) ? parseJson(body, kind) : type === PROTOBUF ? decodeProtobuf(body) : undefined;
  if (parsed === undefined) {
    throw refuse.mediaType(
      `the body of the request was in an unknown format - accepted media types include: application/json, ${PROTOBUF}`,
    );
  }
  return checkFields(parsed, resource, request.query.get("fieldValidation") ?? "Warn");
}

/** Checks a parsed object: its kind, the types of its values and its unknown fields, which are dropped. A custom kind may have any. */
export function checkFields(
  parsed: unknown,
  { kind, apiVersion }: Pick<Resource, "kind" | "apiVersion">,
  validation: string,
): Decoded {
  const object = parsed as KubeObject;
  const version = object?.apiVersion ?? apiVersion;
  const given = object?.kind ?? kind;
  const cannot = (why: string) => refuse.badRequest(`${given} in version "${version}" cannot be handled as a ${kind}: ${why}`);
  if (given !== kind)
    throw cannot(
      `converting (${version}.${given}) to (${apiVersion === "v1" ? "core" : apiVersion}.${kind}): unknown conversion`,
    );
  if (version !== apiVersion) throw refuse.badRequest(`no kind "${given}" is registered for version "${version}" in scheme`);
  const { unknown, typeError } = decodeStrictly(apiVersion === "v1" ? kind : "", object);
  if (typeError !== undefined) throw cannot(typeError);
  const sentences = unknown.map(path => `unknown field "${path}"`);
  if (sentences.length > 0 && validation === "Strict") throw cannot(`strict decoding error: ${sentences.join(", ")}`);
  const known = withoutFields(object, unknown);
  const { kind: _, apiVersion: __, metadata, ...rest } = known;
  return {
    object: { kind, apiVersion, metadata: metadata ?? {}, ...rest },
    warnings: validation === "Warn" ? sentences : [],
  };
}
