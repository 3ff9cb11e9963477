import { Link } from "@tanstack/react-router";
import {
  CalendarClock,
  CalendarRange,
  Database,
  Hand,
  type LucideIcon,
  PackagePlus,
  Repeat2,
  Webhook,
  Workflow,
} from "lucide-react";
import type { RunReply } from "#contract/run.ts";

type Kind = RunReply["trigger"]["kind"];

const LOOKS: Readonly<Record<Kind, { icon: LucideIcon; text: string }>> = {
  schedule: { icon: CalendarClock, text: "schedule" },
  manual: { icon: Hand, text: "by hand" },
  api: { icon: Webhook, text: "API" },
  adhoc: { icon: PackagePlus, text: "single pod" },
  bench: { icon: Webhook, text: "bench" },
  backfill: { icon: CalendarRange, text: "backfill" },
  asset: { icon: Database, text: "asset" },
  trigger: { icon: Workflow, text: "other DAG" },
  rerun: { icon: Repeat2, text: "again" },
};

/** What started a run, and who. */
export function TriggerText({ trigger: { kind, by, rerunOf } }: { trigger: RunReply["trigger"] }) {
  const { icon: Icon, text } = LOOKS[kind] ?? LOOKS.api;
  return (
    <span className="row nowrap trigger-text">
      <Icon size={13} className="quiet" aria-hidden="true" />
      {text}
      {by !== undefined && by !== "anonymous" && <span className="quiet">{by}</span>}
      {rerunOf !== undefined && (
        <Link to="/runs/$runId" params={{ runId: rerunOf }} className="small">
          of an earlier run
        </Link>
      )}
    </span>
  );
}
