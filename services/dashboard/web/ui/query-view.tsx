import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState, LoadingState } from "./notices.tsx";

interface QueryViewProps<Data> {
  query: UseQueryResult<Data>;
  /** What is being loaded: "the runs". */
  what: string;
  children: (data: Data) => ReactNode;
}

/** What a query has brought; until then that it is on its way, or why it did not come. What is there stays when asking again fails. */
export function QueryView<Data>({ query, what, children }: QueryViewProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <LoadingState what={what} />;
}
