import type { KubeObject } from "../store/kube-object.ts";
import { seconds } from "../store/kube-object.ts";
import type { ApiContext, Call, Reply } from "./api-context.ts";
import { ApiError, cause, refuse } from "./api-error.ts";
import { isTrue } from "./api-request.ts";
import { insertObject } from "./create-object.ts";
import { checkFields, parseJson } from "./decode-body.ts";
import { applyOver, type FieldPath, fieldPaths, fromFieldsV1, toFieldsV1, valueAtPath, withoutPath } from "./managed-fields.ts";
import { replaceObject } from "./replace-object.ts";

/** Which fields a manager has applied: an entry of `metadata.managedFields`. */
interface Managed {
  manager: string;
  operation: "Apply";
  apiVersion: string;
  time: string;
  fieldsType: "FieldsV1";
  fieldsV1: Record<string, unknown>;
  subresource?: string;
}

const keyOf = (path: FieldPath): string => path.join("\0");
const shown = (path: FieldPath): string => `.${path.join(".")}`;

/**
 * Server-side apply: the object becomes as its manager says, and is made if it is not there. What the manager has applied before and
 * applies no longer goes, unless another one applies it, too. Fields that updates and other patches set are nobody's here.
 */
export function applyObject(context: ApiContext, { request, body }: Call): Reply {
  const { resource, namespace, name = "", subresource, query } = request;
  const manager = query.get("fieldManager") ?? "";
  if (manager === "")
    throw refuse.invalid("PatchOptions.meta.k8s.io", "", [cause.required("fieldManager", "is required for apply patch")]);
  const { object: asked, warnings } = checkFields(
    parseJson(body, resource.kind),
    resource,
    query.get("fieldValidation") ?? "Warn",
  );
  if (asked.metadata.name !== undefined && asked.metadata.name !== name) {
    throw refuse.badRequest(`the name of the object (${asked.metadata.name}) does not match the name on the URL (${name})`);
  }
  const current = context.store.get(resource.name, namespace, name);
  if (current === undefined && subresource !== undefined) throw refuse.notFound(resource.name, name);
  const known = managedOf(current);
  const isOwn = (entry: Managed): boolean => entry.manager === manager && entry.subresource === subresource;
  const paths = fieldPaths(asked);
  const others = settle(
    known.filter(entry => !isOwn(entry)),
    { asked, current, paths, force: isTrue(query.get("force")) },
  );
  const before = known.find(isOwn);
  const fieldsV1 = toFieldsV1(paths);
  const isSame = before !== undefined && JSON.stringify(before.fieldsV1) === JSON.stringify(fieldsV1);
  const own: Managed = isSame
    ? before
    : {
        manager,
        operation: "Apply",
        apiVersion: resource.apiVersion,
        time: seconds(Date.now()),
        fieldsType: "FieldsV1",
        fieldsV1,
        ...(subresource === undefined ? {} : { subresource }),
      };
  const managedFields = [...others, own];
  if (current === undefined) {
    return insertObject(
      context,
      request,
      { ...asked, metadata: { ...asked.metadata, name, managedFields } } as KubeObject,
      warnings,
    );
  }
  const kept = new Set([...paths, ...others.flatMap(entry => fromFieldsV1(entry.fieldsV1))].map(keyOf));
  const gone = before === undefined ? [] : fromFieldsV1(before.fieldsV1).filter(path => !kept.has(keyOf(path)));
  const merged = gone.reduce<Record<string, unknown>>(withoutPath, applyOver(current, asked) as KubeObject);
  const next = { ...merged, metadata: { ...(merged.metadata as object), managedFields } } as unknown as KubeObject;
  return replaceObject(context, request, current, next, warnings);
}

const managedOf = (object: KubeObject | undefined): readonly Managed[] =>
  (object?.metadata as { managedFields?: readonly Managed[] } | undefined)?.managedFields ?? [];

interface Contest {
  asked: KubeObject;
  current: KubeObject | undefined;
  paths: readonly FieldPath[];
  force: boolean;
}

/** The other managers' entries after this apply. @throws ApiError 409 when one of them has set a field otherwise and force is not asked for */
function settle(others: readonly Managed[], { asked, current, paths, force }: Contest): Managed[] {
  const changed = paths.filter(path => JSON.stringify(valueAtPath(asked, path)) !== JSON.stringify(valueAtPath(current, path)));
  const contested = new Set(changed.map(keyOf));
  const conflicts = others.flatMap(({ manager, fieldsV1 }) =>
    fromFieldsV1(fieldsV1)
      .filter(path => contested.has(keyOf(path)))
      .map(path => ({ reason: "FieldManagerConflict", message: `conflict with "${manager}"`, field: shown(path) })),
  );
  if (conflicts.length > 0 && !force) {
    const count = `${conflicts.length} conflict${conflicts.length === 1 ? "" : "s"}`;
    const list = conflicts.map(({ message, field }) => `${message}: ${field}`).join(", ");
    throw new ApiError(409, "Conflict", `Apply failed with ${count}: ${list}`, { causes: conflicts });
  }
  return others
    .map(entry => ({ ...entry, left: fromFieldsV1(entry.fieldsV1).filter(path => !contested.has(keyOf(path))) }))
    .filter(({ left }) => left.length > 0)
    .map(({ left, ...entry }) => ({ ...entry, fieldsV1: toFieldsV1(left) }));
}
