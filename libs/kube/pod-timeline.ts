import type { PodTimeline } from "#core/pod-timeline.ts";
import { containerStatus, MAIN_CONTAINER, type Pod } from "./pod.ts";

/** What a pod's own status tells about its life. Pure. */
export function timelineOf(pod: Pod): PodTimeline {
  const { metadata, status } = pod;
  const main = containerStatus(pod, MAIN_CONTAINER);
  const { terminated, running } = main?.state ?? {};
  const scheduled = status.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "True");
  return definedOf({
    createdAt: toMs(metadata.creationTimestamp),
    scheduledAt: toMs(scheduled?.lastTransitionTime),
    startedAt: toMs(terminated?.startedAt ?? running?.startedAt),
    endedAt: toMs(terminated?.finishedAt),
    imageId: main?.imageID || undefined,
    // Of a pod that Kubernetes ended, its reason says more than the container's.
    reason: status.reason ?? terminated?.reason,
  });
}

/** RFC 3339 → ms. A container that could not be started started at the epoch: it did not. */
function toMs(instant: string | undefined): number | undefined {
  const ms = Date.parse(instant ?? "");
  return ms > 0 ? ms : undefined;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const definedOf = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Defined<T>;
