import { instantField } from "#contract/instant.ts";
import type { TimelineReply } from "#contract/run.ts";
import type { PodTimeline } from "#core/pod-timeline.ts";

export const timelineReply = (timeline: PodTimeline): TimelineReply => ({
  ...instantField("createdAt", timeline.createdAt),
  ...instantField("scheduledAt", timeline.scheduledAt),
  ...instantField("pulledAt", timeline.pulledAt),
  ...instantField("startedAt", timeline.startedAt),
  ...instantField("endedAt", timeline.endedAt),
  ...(timeline.imageId === undefined ? {} : { imageId: timeline.imageId }),
  ...(timeline.reason === undefined ? {} : { reason: timeline.reason }),
});
