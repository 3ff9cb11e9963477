import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { queries } from "../api/queries.ts";
import { Page } from "../ui/page.tsx";
import { RunFilters } from "./run-filters.tsx";
import { RunList } from "./run-list.tsx";

const route = getRouteApi("/runs");

/** All runs, newest first, with what can be done to many of them at once. */
export function RunsPage() {
  const { dag, state } = route.useSearch();
  const navigate = route.useNavigate();
  const dags = useQuery(queries.dagLines(false));
  return (
    <Page title="Runs" name="Runs">
      <RunList
        filter={{ dagId: dag, state }}
        showsDag
        toolbar={
          <RunFilters
            dagIds={dags.data?.dags.map(({ id }) => id) ?? []}
            dag={dag}
            state={state}
            onChange={change => void navigate({ search: old => ({ ...old, ...change }), replace: true })}
          />
        }
      />
    </Page>
  );
}
