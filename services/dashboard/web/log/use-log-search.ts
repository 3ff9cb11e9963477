import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type LogName, searchLog } from "./use-log.ts";

const TYPED_MS = 200;
const NONE: readonly number[] = [];

export interface LogSearch {
  /** What is searched for; empty: nothing. */
  words: string;
  /** Numbers of the lines that match, the first 10,000. */
  lines: readonly number[];
  /** How many match. */
  total: number;
  isUnderWay: boolean;
  /** The place in `lines` that next and previous have come to; -1: none yet. */
  at: number;
  /** Goes to the next match, or with -1 to the one before; round at the ends. @param from the line that is looked at */
  move: (step: 1 | -1, from: number) => number | undefined;
}

/** Searches where the log is: on the server. */
export function useLogSearch(name: LogName, typed: string, isGrowing: boolean): LogSearch {
  const words = useSettled(typed.trim());
  const [at, setAt] = useState({ words: "", index: -1 });
  const query = useQuery({
    queryKey: ["log-search", name, words],
    queryFn: ({ signal }) => searchLog(name, words, signal),
    enabled: words !== "",
    staleTime: isGrowing ? 2_000 : Number.POSITIVE_INFINITY,
  });
  const lines = words === "" ? NONE : (query.data?.lines ?? NONE);
  const index = at.words === words ? at.index : -1;
  return {
    words,
    lines,
    total: words === "" ? 0 : (query.data?.total ?? 0),
    isUnderWay: words !== "" && query.isFetching,
    at: index,
    move(step, from) {
      if (lines.length === 0) return undefined;
      const first = lines.findIndex(line => line >= from);
      const next = index >= 0 ? index + step : step === 1 ? Math.max(0, first) : (first < 0 ? lines.length : first) - 1;
      const round = (next + lines.length) % lines.length;
      setAt({ words, index: round });
      return lines[round];
    },
  };
}

/** The value once it has stayed the same for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
