import { useNavigate } from "@tanstack/react-router";
import { CalendarRange, ChevronDown, History, Play, SlidersHorizontal } from "lucide-react";
import { useMay } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import { askToBackfill, askToTrigger } from "./opened.ts";
import { startUsual } from "./start-run.ts";

interface TriggerButtonProps {
  dagId: string;
  /** The last run's parameters, where there was one. */
  lastConf?: Readonly<Record<string, unknown>> | undefined;
  hasSchedule: boolean;
}

/** One click starts a run with the usual parameters; the arrow has the other ways. */
export function TriggerButton({ dagId, lastConf, hasSchedule }: TriggerButtonProps) {
  const navigate = useNavigate();
  if (!useMay("operator")) return null;
  const show = (runId: string) => navigate({ to: "/runs/$runId", params: { runId } });
  const items = [
    { label: "With parameters …", icon: SlidersHorizontal, onSelect: () => askToTrigger(dagId) },
    lastConf === undefined
      ? undefined
      : { label: "As the last run …", icon: History, onSelect: () => askToTrigger(dagId, lastConf) },
    hasSchedule ? { label: "Backfill …", icon: CalendarRange, onSelect: () => askToBackfill(dagId) } : undefined,
  ];
  return (
    <span className="button-group">
      <Button kind="primary" icon={Play} onClick={() => void startUsual(dagId, show)}>
        Trigger
      </Button>
      <Menu items={items}>
        <Button kind="primary" icon={ChevronDown} tip="Other ways to start it" />
      </Menu>
    </span>
  );
}
