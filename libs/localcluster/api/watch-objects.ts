import { jsonOf, type KubeObject } from "../store/kube-object.ts";
import type { Change } from "../store/object-store.ts";
import { type WatchEvent, watchEvent } from "../store/watch-event.ts";
import type { ApiContext, Call } from "./api-context.ts";
import { refuse } from "./api-error.ts";
import { isTrue } from "./api-request.ts";
import { revisionOf } from "./list-objects.ts";
import { selection } from "./selector.ts";
import { tableOf, wantsTable } from "./table-view.ts";

/** A watcher this far behind is cut off, as the real API server does with slow watchers. */
const MAX_PENDING_BYTES = 64 * 1024 * 1024;
/** The real server draws 30 to 60 minutes when the client names no time. */
const DEFAULT_TIMEOUT_SECONDS = 1_800;
const BOOKMARK_BEFORE_END_MS = 2_000;

/** GET on a collection with watch=true: history from a revision, then changes as they are committed. */
export function watchObjects(context: ApiContext, { request, headers, response }: Call): undefined {
  const { store, streams, bookmarkMs } = context;
  const { resource, namespace, query } = request;
  const from = revisionOf(query.get("resourceVersion"));
  const inSelection = selection(query.get("labelSelector") ?? "", query.get("fieldSelector") ?? "", resource.fields);
  const selects = (object: KubeObject): boolean =>
    (namespace === undefined || object.metadata.namespace === namespace) && inSelection(object);
  const initial = from === 0 || isTrue(query.get("sendInitialEvents"));
  const missed = initial ? [] : store.since(resource.name, from);
  const wantsBookmarks = isTrue(query.get("allowWatchBookmarks"));
  const asTable = wantsTable(headers.accept);

  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  const write = (text: string): void => {
    response.write(text);
    if (response.writableLength > MAX_PENDING_BYTES) response.destroy();
  };
  const textOf = ({ type, object }: WatchEvent): string => {
    if (!asTable) return `{"type":"${type}","object":${jsonOf(object)}}\n`;
    const metadata = { resourceVersion: object.metadata.resourceVersion };
    return `${JSON.stringify({ type, object: tableOf(resource, [object], metadata, query.get("includeObject"), Date.now()) })}\n`;
  };
  const bookmark = (annotations?: Record<string, string>): void => {
    if (!wantsBookmarks || streams.muted) return;
    const metadata = { resourceVersion: String(store.revision), ...(annotations ? { annotations } : {}) };
    write(
      `${JSON.stringify({ type: "BOOKMARK", object: { kind: resource.kind, apiVersion: resource.apiVersion, metadata } })}\n`,
    );
  };
  if (missed === undefined) {
    const { status } = refuse.expired(`too old resource version: ${from} (${store.compactedRevision})`);
    response.end(`${JSON.stringify({ type: "ERROR", object: status })}\n`);
    return;
  }
  if (initial) {
    for (const object of store.list(resource.name, namespace).filter(inSelection)) write(textOf({ type: "ADDED", object }));
    if (isTrue(query.get("sendInitialEvents"))) bookmark({ "k8s.io/initial-events-end": "true" });
  }
  const deliver = (change: Change): void => {
    if (change.resource !== resource.name || change.revision <= from || streams.muted) return;
    const event = watchEvent(change, selects);
    if (event !== undefined) write(textOf(event));
  };
  missed.forEach(deliver);

  const timeoutMs = 1_000 * (Number(query.get("timeoutSeconds")) || DEFAULT_TIMEOUT_SECONDS * (1 + Math.random()));
  const timers = [setInterval(bookmark, bookmarkMs), setTimeout(() => response.end(), timeoutMs)];
  if (timeoutMs > BOOKMARK_BEFORE_END_MS) timers.push(setTimeout(bookmark, timeoutMs - BOOKMARK_BEFORE_END_MS));
  for (const timer of timers) timer.unref();
  const unsubscribe = store.subscribe(deliver);
  response.once("close", () => {
    unsubscribe();
    for (const timer of timers) clearTimeout(timer);
  });
  streams.add({ request, response, end: () => response.end(), bookmark });
}
