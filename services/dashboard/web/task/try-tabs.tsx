import "./task.css";
import { formatDuration } from "../ui/format-duration.ts";
import { StateIcon } from "../ui/state-badge.tsx";
import type { TryView } from "./tries-of.ts";

interface TryTabsProps {
  tries: readonly TryView[];
  chosen: TryView;
  onChoose: (chosen: TryView) => void;
}

/** A button for each try: its number, how it ended, how long it took. */
export function TryTabs({ tries, chosen, onChoose }: TryTabsProps) {
  return (
    <fieldset className="try-tabs">
      <legend className="spoken">Tries</legend>
      {tries.map(one => (
        <button
          key={`${one.try}.${one.infra}`}
          type="button"
          className="try-tab"
          aria-pressed={one.try === chosen.try && one.infra === chosen.infra}
          onClick={() => onChoose(one)}
        >
          <StateIcon state={one.state} size={13} />
          Try {one.try}
          {one.infra > 0 && <span className="quiet">restart {one.infra}</span>}
          {one.outcome !== undefined && one.outcome.result === "failed" && <span className="quiet">{one.outcome.code}</span>}
          {one.startedAt !== undefined && one.endedAt !== undefined && (
            <span className="quiet number">{formatDuration(Date.parse(one.endedAt) - Date.parse(one.startedAt))}</span>
          )}
        </button>
      ))}
    </fieldset>
  );
}
