import type { OverviewHealthReply } from "#contract/overview.ts";

export type HealthTone = "good" | "warn" | "bad";

export interface HealthSign {
  part: "Scheduler" | "Workers" | "Redis" | "Waiting";
  tone: HealthTone;
  /** In a few words. */
  value: string;
  /** What is wrong and what to do; absent: nothing is. */
  saying?: string;
}

const SLOW_REDIS_MS = 100;
const MANY_UNREAD = 1_000;
const LONG_WAIT_MS = 300_000;

/** What each part of the installation says about itself. `nowAt` in ms. */
export function healthSigns({ scheduler, workers, redis, waiting }: OverviewHealthReply, nowAt: number): HealthSign[] {
  const waitedMs = waiting.oldestAt === undefined ? 0 : nowAt - Date.parse(waiting.oldestAt);
  return [
    schedulerSign(scheduler),
    workersSign(workers),
    {
      part: "Redis",
      value: `${redis.answeredMs < 10 ? redis.answeredMs.toFixed(1) : Math.round(redis.answeredMs)} ms`,
      ...(redis.answeredMs > SLOW_REDIS_MS
        ? { tone: "warn" as const, saying: "Redis answers slowly: look at its memory, its disk and the network to it." }
        : { tone: "good" as const }),
    },
    {
      part: "Waiting",
      value: waiting.count === 1 ? "1 task" : `${waiting.count} tasks`,
      ...(waitedMs > LONG_WAIT_MS
        ? { tone: "warn" as const, saying: "Tasks wait long for a worker: add workers, or slots." }
        : { tone: "good" as const }),
    },
  ];
}

function schedulerSign({ leader, unread }: OverviewHealthReply["scheduler"]): HealthSign {
  if (leader === undefined) {
    return {
      part: "Scheduler",
      tone: "bad",
      value: "nobody leads",
      saying: "No scheduler leads: nothing starts until one does. Look whether its pods run.",
    };
  }
  if (unread > MANY_UNREAD) {
    return { part: "Scheduler", tone: "warn", value: `${unread} unread`, saying: `The scheduler is ${unread} messages behind.` };
  }
  return { part: "Scheduler", tone: "good", value: "leads" };
}

function workersSign({ alive, held, slots, unserved }: OverviewHealthReply["workers"]): HealthSign {
  if (alive === 0) {
    return {
      part: "Workers",
      tone: "bad",
      value: "none",
      saying: "No worker is alive: tasks stay queued. Look whether the workers' pods run.",
    };
  }
  const value = `${alive} · ${held} of ${slots} slots`;
  if (unserved.length > 0) {
    return {
      part: "Workers",
      tone: "warn",
      value,
      saying: `No worker takes from ${unserved.join(", ")}: what waits there stays there.`,
    };
  }
  if (held >= slots) return { part: "Workers", tone: "warn", value, saying: "All slots are in use: further tasks wait." };
  return { part: "Workers", tone: "good", value };
}

const WEIGHT: Readonly<Record<HealthTone, number>> = { good: 0, warn: 1, bad: 2 };

/** The sign that matters most. */
export function worstOf(health: OverviewHealthReply, nowAt = Date.now()): HealthSign {
  return healthSigns(health, nowAt).reduce((worst, sign) => (WEIGHT[sign.tone] > WEIGHT[worst.tone] ? sign : worst));
}
