import type { ContainerLog } from "../node/container-log.ts";
import { cutText, type LogWindow, linesIn, renderLine, sinceInstant } from "../node/log-window.ts";
import type { ContainerStatus, Pod } from "../pod.ts";
import type { ApiContext, Call } from "./api-context.ts";
import { type Cause, cause, refuse } from "./api-error.ts";
import { isTrue } from "./api-request.ts";
import { found } from "./get-object.ts";

interface LogQuery extends LogWindow {
  follow: boolean;
  previous: boolean;
}

const WAITING_WORDS: Record<string, string> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: "trying and failing to pull image",
};

/** GET on pods/log: what the container wrote, and with follow=true what it goes on to write. */
export function podLog({ store, logs, streams }: ApiContext, { request, response }: Call): undefined {
  const pod = found(store, request) as Pod;
  const container = containerOf(pod, request.query.get("container"));
  const query = logQuery(pod, request.query);
  checkReadable(pod, container, query.previous);
  response.writeHead(200, { "content-type": "text/plain" });
  const log = logs.logOf(pod.metadata.uid, container, query.previous) ?? logs.logOf(pod.metadata.uid, container, true);
  if (log === undefined) {
    response.end();
    return;
  }
  if (!query.follow) {
    const text = linesIn(log.lines, query)
      .map(line => renderLine(line, query.timestamps))
      .join("");
    response.end(cutText(text, query.limitBytes));
    return;
  }
  response.flushHeaders();
  streams.add({ request, response, end: () => response.end() });
  const stop = follow(log, query, response);
  response.once("close", stop);
}

function containerOf({ metadata, spec }: Pod, asked: string | null): string {
  const names = [...(spec.initContainers ?? []), ...spec.containers].map(({ name }) => name);
  if (asked) {
    if (names.includes(asked)) return asked;
    throw refuse.badRequest(`container ${asked} is not valid for pod ${metadata.name}`);
  }
  if (names.length === 1) return names[0]!;
  throw refuse.badRequest(`a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(" ")}]`);
}

function logQuery({ metadata }: Pod, query: URLSearchParams): LogQuery {
  const number = (name: string): number | undefined => (query.get(name) ? Number(query.get(name)) : undefined);
  const [sinceTime, sinceSeconds, tailLines, limitBytes] = [
    query.get("sinceTime"),
    number("sinceSeconds"),
    number("tailLines"),
    number("limitBytes"),
  ];
  const causes: Cause[] = [];
  if (tailLines !== undefined && tailLines < 0)
    causes.push(cause.invalid("tailLines", tailLines, "must be greater than or equal to 0"));
  if (limitBytes !== undefined && limitBytes < 1) causes.push(cause.invalid("limitBytes", limitBytes, "must be greater than 0"));
  if (sinceSeconds !== undefined && sinceSeconds < 1)
    causes.push(cause.invalid("sinceSeconds", sinceSeconds, "must be greater than 0"));
  if (sinceTime && sinceSeconds !== undefined)
    causes.push(cause.forbidden("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
  if (causes.length > 0) throw refuse.invalid("PodLogOptions", metadata.name, causes);
  const sinceTimeMs = sinceTime ? Date.parse(sinceTime) : undefined;
  if (Number.isNaN(sinceTimeMs)) {
    throw refuse.badRequest(`parsing time "${sinceTime}" as "2006-01-02T15:04:05Z07:00": cannot parse "${sinceTime}" as "2006"`);
  }
  const sinceAt = sinceInstant(sinceTimeMs, sinceSeconds, Date.now());
  return {
    follow: isTrue(query.get("follow")),
    previous: isTrue(query.get("previous")),
    timestamps: isTrue(query.get("timestamps")),
    ...(sinceAt === undefined ? {} : { sinceAt }),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
  };
}

/** Throws the kubelet's 400 while there is nothing to read yet. A pod without a node has an empty log. */
function checkReadable({ metadata, spec, status }: Pod, container: string, previous: boolean): void {
  if (spec.nodeName === undefined) return;
  const statuses: ContainerStatus[] = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const found = statuses.find(({ name }) => name === container);
  const subject = `container "${container}" in pod "${metadata.name}"`;
  if (previous) {
    if (found?.lastState.terminated === undefined) throw refuse.badRequest(`previous terminated ${subject} not found`);
    return;
  }
  if (found?.lastState.terminated !== undefined || found?.state.running || found?.state.terminated) return;
  const reason = found?.state.waiting?.reason ?? "ContainerCreating";
  throw refuse.badRequest(`${subject} is waiting to start: ${WAITING_WORDS[reason] ?? reason}`);
}

/** Writes the window and everything after it, as fast as the reader takes it, until the log is closed. */
function follow(log: ContainerLog, query: LogQuery, response: Call["response"]): () => void {
  const cursor = log.cursor();
  let left = query.limitBytes ?? Number.POSITIVE_INFINITY;
  let blocked = false;
  const write = (text: string): void => {
    const cut = cutText(text, Number.isFinite(left) ? left : undefined);
    left -= Buffer.byteLength(cut);
    if (cut !== "") blocked = !response.write(cut);
    if (left <= 0) response.end();
  };
  const pump = (): void => {
    if (blocked || response.writableEnded) return;
    const lines = cursor.take();
    if (lines.length > 0) write(lines.map(line => renderLine(line, query.timestamps)).join(""));
    if (log.closed && !blocked) response.end();
  };
  const resume = (): void => {
    blocked = false;
    pump();
  };
  write(
    linesIn(log.lines, query)
      .map(line => renderLine(line, query.timestamps))
      .join(""),
  );
  response.on("drain", resume);
  const unsubscribe = log.onChange(pump);
  pump();
  return () => {
    unsubscribe();
    cursor.close();
  };
}
