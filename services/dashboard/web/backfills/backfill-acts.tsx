import { Ban, Pause, Play } from "lucide-react";
import type { BackfillReply } from "#contract/backfill.ts";
import type { Act } from "../acts/act.ts";
import { ActMenu } from "../acts/act-menu.tsx";
import { opened } from "../acts/opened.ts";
import { ask, path } from "../api/ask.ts";

interface Subject {
  id: string;
  state: BackfillReply["state"];
}

const move =
  (state: "running" | "paused" | "cancelled") =>
  async ({ id }: Subject): Promise<string> => {
    await ask(path`/api/v1/backfills/${id}`, { method: "PATCH", body: { state } });
    return state === "running" ? "goes on" : state;
  };

const isOver = ({ state }: Subject): boolean => state === "done" || state === "cancelled";

const ACTS: readonly Act<Subject>[] = [
  {
    id: "pause",
    label: "Pause",
    icon: Pause,
    refusal: ({ state }) => (state === "running" ? undefined : `it is ${state}`),
    about: "No further run of it starts; those under way go on.",
    carryOut: move("paused"),
  },
  {
    id: "resume",
    label: "Go on",
    icon: Play,
    refusal: ({ state }) => (state === "paused" ? undefined : `it is ${state}`),
    about: "Its further runs start again.",
    carryOut: move("running"),
  },
  {
    id: "cancel",
    label: "Cancel",
    icon: Ban,
    isGrave: true,
    refusal: backfill => (isOver(backfill) ? "it is over" : undefined),
    about: "Nothing more of it starts, and its runs under way are cancelled. This is final.",
    carryOut: move("cancelled"),
  },
];

export const BackfillActs = ({ backfill }: { backfill: BackfillReply }) => (
  <ActMenu
    small
    acts={ACTS}
    subjects={[backfill]}
    onAct={act => opened.set({ kind: "act", act: act as Act<unknown>, subjects: [{ subject: backfill, name: backfill.id }] })}
  />
);
