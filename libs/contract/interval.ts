import { z } from "zod";
import { Instant } from "./instant.ts";

/** The data that a run is about. */
export const IntervalReply = z.object({ startAt: Instant, endAt: Instant });
