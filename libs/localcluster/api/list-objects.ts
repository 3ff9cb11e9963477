import { jsonOf, type KubeObject } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { ApiContext, Call, Reply } from "./api-context.ts";
import { ApiError, refuse } from "./api-error.ts";
import type { Resource } from "./resources.ts";
import { selection } from "./selector.ts";
import { tableOf, wantsTable } from "./table-view.ts";

/** What is left of a list that was taken at one revision. */
interface Remainder {
  revision: number;
  items: KubeObject[];
}

const MAX_REMAINDERS = 256;
const remainders = new WeakMap<ObjectStore, Map<string, Remainder>>();

const EXPIRED =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.";

/** A token for the rest of a list; the oldest are forgotten, as a real server forgets by compaction. */
function tokenFor(store: ObjectStore, remainder: Remainder): string {
  const known = remainders.get(store) ?? new Map<string, Remainder>();
  remainders.set(store, known);
  const start = remainder.items[0]!.metadata;
  const token = Buffer.from(
    JSON.stringify({
      v: "meta.k8s.io/v1",
      rv: remainder.revision,
      start: `${start.namespace ?? ""}/${start.name}`,
      n: known.size,
    }),
  ).toString("base64url");
  known.set(token, remainder);
  if (known.size > MAX_REMAINDERS) known.delete(known.keys().next().value!);
  return token;
}

function remainderOf(store: ObjectStore, token: string): Remainder {
  const remainder = remainders.get(store)?.get(token);
  if (remainder !== undefined && remainder.revision >= store.compactedRevision) return remainder;
  try {
    JSON.parse(Buffer.from(token, "base64url").toString());
  } catch (error) {
    throw refuse.badRequest(`invalid continue token: continue key is not valid: ${(error as Error).message}`);
  }
  throw refuse.expired(EXPIRED);
}

/** Reads a resourceVersion. Throws the 500 the real API server answers to one that is no number. */
export function revisionOf(text: string | null): number {
  if (text === null || text === "") return 0;
  if (/^\d+$/.test(text)) return Number(text);
  throw new ApiError(
    500,
    undefined,
    `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

/** GET on a collection: selectors, pages of one consistent snapshot, and tables for kubectl. */
export function listObjects({ store }: ApiContext, { request, headers }: Call): Reply {
  const { resource, namespace, query } = request;
  const token = query.get("continue");
  const asked = revisionOf(query.get("resourceVersion"));
  if (asked > store.revision) throw refuse.futureRevision(asked, store.revision);
  const selects = selection(query.get("labelSelector") ?? "", query.get("fieldSelector") ?? "", resource.fields);
  const all: Remainder = token
    ? remainderOf(store, token)
    : { revision: store.revision, items: store.list(resource.name, namespace).filter(selects) };
  const limit = Number(query.get("limit") ?? 0) || all.items.length;
  const page = all.items.slice(0, limit);
  const rest = all.items.slice(limit);
  const metadata = {
    resourceVersion: String(all.revision),
    ...(rest.length > 0 ? { continue: tokenFor(store, { ...all, items: rest }), remainingItemCount: rest.length } : {}),
  };
  if (wantsTable(headers.accept))
    return { code: 200, body: tableOf(resource, page, metadata, query.get("includeObject"), Date.now()) };
  return { code: 200, body: listText(resource, metadata, page) };
}

/** The list as JSON text; its items carry no kind and apiVersion, as in real lists of the core. Built from the objects' cached texts where they allow it. */
function listText({ kind, apiVersion }: Resource, metadata: object, items: KubeObject[]): Buffer {
  const head = `{"kind":"${kind}","apiVersion":"${apiVersion}",`;
  const bodies = items.map(item => {
    const text = jsonOf(item);
    // A client of custom kinds knows an item only by what it says of itself.
    if (apiVersion !== "v1") return text;
    return text.startsWith(head)
      ? `{${text.slice(head.length)}`
      : JSON.stringify({ ...item, kind: undefined, apiVersion: undefined });
  });
  return Buffer.from(
    `{"kind":"${kind}List","apiVersion":"${apiVersion}","metadata":${JSON.stringify(metadata)},"items":[${bodies.join(",")}]}`,
  );
}
