import { useMay } from "../live/me.ts";
import { Switch } from "../ui/switch.tsx";
import { setPaused } from "./set-paused.ts";

interface PauseSwitchProps {
  dag: { id: string; paused: boolean; removedAt?: string | undefined };
}

/** On: the DAG's schedule starts runs. */
export function PauseSwitch({ dag: { id, paused, removedAt } }: PauseSwitchProps) {
  const mayAct = useMay("operator");
  if (removedAt !== undefined) return null;
  return (
    <Switch
      label={`${id} starts by itself`}
      isOn={!paused}
      tip={paused ? "Paused: its schedule starts nothing" : "Active: its schedule starts runs"}
      disabled={!mayAct}
      onChange={isOn => void setPaused([id], !isOn)}
    />
  );
}
