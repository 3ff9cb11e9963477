import { QueryClient } from "@tanstack/react-query";
import { asProblem } from "./problem-error.ts";

const MAX_RETRIES = 2;

/** What pages have read. Answers that say "no" are believed at once; what is away is asked for again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1_000,
      retry: (count, error) => count < MAX_RETRIES && asProblem(error).isAway,
      // The browser's guess whether it is online says nothing about a server on the same machine.
      networkMode: "always",
    },
    mutations: { networkMode: "always", retry: false },
  },
});
