import { useQuery } from "@tanstack/react-query";
import { queries } from "../api/queries.ts";

/** The DAG that runs of single pods belong to; it has no record of its own. */
const ADHOC = "adhoc";

/** The zone of the DAG that the page is about. undefined: it is about none, or that is not known yet. */
export function useDagTimezone(dagId: string | undefined): string | undefined {
  const { data } = useQuery({
    ...queries.dag(dagId ?? ""),
    enabled: dagId !== undefined && dagId !== ADHOC,
    select: ({ timezone }) => timezone,
    staleTime: 60_000,
    refetchInterval: false,
  });
  return data;
}
