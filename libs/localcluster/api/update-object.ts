import type { ApiContext, Call, Reply } from "./api-context.ts";
import { refuse } from "./api-error.ts";
import { applyObject } from "./apply-object.ts";
import { checkFields, decodeBody } from "./decode-body.ts";
import { found } from "./get-object.ts";
import { APPLY, PATCHES, STRATEGIC } from "./patch.ts";
import { replaceObject } from "./replace-object.ts";

/** PUT on an object or its status. */
export function updateObject(context: ApiContext, call: Call): Reply {
  const { object, warnings } = decodeBody(call);
  const { name } = call.request;
  if (object.metadata.name !== name) {
    throw refuse.badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
  }
  return replaceObject(context, call.request, found(context.store, call.request), object, warnings);
}

/** PATCH on an object or its status: merge, strategic merge or JSON patch by content type; of a custom kind also server-side apply. */
export function patchObject(context: ApiContext, call: Call): Reply {
  const type = (call.headers["content-type"] ?? "").split(";")[0]!.trim();
  const { resource, query } = call.request;
  if (type === APPLY && resource.custom !== undefined) return applyObject(context, call);
  const patch = PATCHES[type];
  if (patch === undefined || (resource.custom !== undefined && patch === PATCHES[STRATEGIC])) {
    throw refuse.mediaType("415: Unsupported Media Type");
  }
  const current = found(context.store, call.request);
  let change: unknown;
  try {
    change = JSON.parse(call.body.toString());
  } catch (error) {
    throw refuse.badRequest(`error decoding patch: ${(error as Error).message}`);
  }
  const { object, warnings } = checkFields(patch(current, change), resource, query.get("fieldValidation") ?? "Warn");
  return replaceObject(context, call.request, current, object, warnings);
}
