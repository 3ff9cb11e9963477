import type { RunState } from "#core/run.ts";
import { Select } from "../ui/field.tsx";
import { lookOf } from "../ui/state-look.ts";
import { RUN_STATES } from "./run-states.ts";

interface RunFiltersProps {
  /** To choose from; none: the DAG is given. */
  dagIds?: readonly string[];
  dag?: string | undefined;
  state: RunState | undefined;
  onChange: (change: { dag?: string | undefined; state?: RunState | undefined }) => void;
}

export function RunFilters({ dagIds, dag, state, onChange }: RunFiltersProps) {
  const known = dag === undefined || dagIds === undefined || dagIds.includes(dag) ? (dagIds ?? []) : [dag, ...dagIds];
  return (
    <>
      {dagIds !== undefined && (
        <Select
          aria-label="DAG"
          value={dag ?? ""}
          choices={[{ value: "", label: "Any DAG" }, ...known.map(id => ({ value: id, label: id }))]}
          onChange={event => onChange({ dag: event.target.value || undefined })}
        />
      )}
      <Select
        aria-label="State"
        value={state ?? ""}
        choices={[{ value: "", label: "Any state" }, ...RUN_STATES.map(one => ({ value: one, label: lookOf(one).label }))]}
        onChange={event => onChange({ state: RUN_STATES.find(one => one === event.target.value) })}
      />
    </>
  );
}
