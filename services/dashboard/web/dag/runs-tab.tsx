import { getRouteApi } from "@tanstack/react-router";
import { RunFilters } from "../runs/run-filters.tsx";
import { RunList } from "../runs/run-list.tsx";

const route = getRouteApi("/dags/$dagId");

export function RunsTab({ dagId }: { dagId: string }) {
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className="stack">
      <RunList
        filter={{ dagId, state }}
        toolbar={
          <RunFilters
            state={state}
            onChange={change => void navigate({ search: old => ({ ...old, state: change.state }), replace: true })}
          />
        }
      />
    </div>
  );
}
