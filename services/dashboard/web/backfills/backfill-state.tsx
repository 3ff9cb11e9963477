import { Ban, Check, type LucideIcon, Pause, Play } from "lucide-react";
import type { BackfillReply } from "#contract/backfill.ts";
import type { Tone } from "../ui/state-look.ts";

const LOOKS: Readonly<Record<BackfillReply["state"], { icon: LucideIcon; tone: Tone }>> = {
  running: { icon: Play, tone: "busy" },
  paused: { icon: Pause, tone: "wait" },
  cancelled: { icon: Ban, tone: "idle" },
  done: { icon: Check, tone: "good" },
};

export function BackfillState({ state }: { state: BackfillReply["state"] }) {
  const { icon: Icon, tone } = LOOKS[state];
  return (
    <span className={`state-badge tone-${tone}`}>
      <Icon size={12} strokeWidth={2.6} aria-hidden="true" />
      {state}
    </span>
  );
}
