/**
 * The steps of a pod's life as the cluster dates them, in ms (Kubernetes writes whole seconds). A step that was not reached, or of
 * which nobody told, is absent.
 */
export interface PodTimeline {
  createdAt?: number;
  /** A node was found. */
  scheduledAt?: number;
  /** The image was there. Only known of pods that took more than a few seconds to start: of others nobody asks. */
  pulledAt?: number;
  /** Of the main container. */
  startedAt?: number;
  endedAt?: number;
  /** The image that really ran: its digest, as the node names it. */
  imageId?: string;
  /** Kubernetes' word for the end: "Completed", "Error", "OOMKilled", "Evicted". */
  reason?: string;
}
