import "./log.css";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ScrollText } from "lucide-react";
import { type CSSProperties, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { useObservable } from "../live/observable.ts";
import { preference } from "../live/preference.ts";
import { useZone } from "../live/zone.ts";
import { EmptyState, ErrorState, LoadingState } from "../ui/notices.tsx";
import { LogLine } from "./log-line.tsx";
import { LogToolbar } from "./log-toolbar.tsx";
import { type LogStart, startLine } from "./start-line.ts";
import { type LogName, useLog } from "./use-log.ts";
import { useLogSearch } from "./use-log-search.ts";

interface LogViewerProps {
  name: LogName;
  /** Whose logs are kept of the try. */
  containers: readonly string[];
  /** Lines are still to come. */
  isOpen: boolean;
  /** Where it opens when no line is named. */
  start: LogStart;
  /** From the URL. */
  line: number | undefined;
  query: string;
  onLine: (line: number | undefined) => void;
  onQuery: (query: string) => void;
  onContainer: (container: string) => void;
}

const SWITCH = ["on", "off"] as const;
const wrapping = preference("log.wrap", SWITCH, "off");
const stamps = preference("log.stamps", SWITCH, "on");
const LINE_HEIGHT = 20;
/** So near to the end the reader is at the end. */
const NEAR_PX = 40;

export function LogViewer({ name, containers, isOpen, start, line, query, onLine, onQuery, onContainer }: LogViewerProps) {
  const box = useRef<HTMLDivElement>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const log = useLog(name, isOpen);
  const search = useLogSearch(name, query, isOpen);
  const zone = useZone();
  const wraps = useObservable(wrapping) === "on";
  const hasStamps = useObservable(stamps) === "on";
  const [isAtEnd, setAtEnd] = useState(isOpen);
  const [errorAt, setErrorAt] = useState<number>();

  const rows = useVirtualizer({
    count: log.total,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });
  const items = rows.getVirtualItems();
  const [first, last] = [(items[0]?.index ?? 0) + 1, (items.at(-1)?.index ?? 0) + 1];
  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer log may have more of what is seen
  useEffect(() => log.need(first, last), [log, first, last, log.total]);

  const goTo = useCallback(
    (number: number, align: "center" | "end" | "start" = "center") => rows.scrollToIndex(number - 1, { align }),
    [rows],
  );

  // Where to begin is decided once for each log.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the line of the URL changes as the reader clicks
  useEffect(() => {
    let isLeft = false;
    void startLine(log, { line, start }).then(found => {
      if (isLeft || found === undefined) return;
      setErrorAt(found.errorAt);
      requestAnimationFrame(() => goTo(found.line, found.align));
    });
    return () => {
      isLeft = true;
    };
  }, [log]);

  useEffect(() => {
    if (isAtEnd && isOpen && log.total > 0) goTo(log.total, "end");
  }, [isAtEnd, isOpen, log.total, goTo]);

  const find = (step: 1 | -1): void => {
    const found = search.move(step, first);
    if (found === undefined) return;
    setAtEnd(false);
    goTo(found);
  };

  useSearchKeys(searchField);
  const toolbar = (
    <LogToolbar
      name={name}
      containers={containers}
      onContainer={onContainer}
      query={query}
      onQuery={onQuery}
      search={search}
      searchField={searchField}
      onFind={find}
      wraps={wraps}
      onWrap={on => wrapping.set(on ? "on" : "off")}
      hasStamps={hasStamps}
      onStamps={on => stamps.set(on ? "on" : "off")}
      isOpen={isOpen && !log.ended}
      isAtEnd={isAtEnd}
      onFollow={on => {
        setAtEnd(on);
        if (on && log.total > 0) goTo(log.total, "end");
      }}
      onError={errorAt === undefined ? undefined : () => goTo(errorAt)}
      total={log.total}
    />
  );

  return (
    <div className={`log${wraps ? " wraps" : ""}${hasStamps ? "" : " no-stamps"}`}>
      {toolbar}
      {log.total === 0 ? (
        <Nothing log={log} isOpen={isOpen} />
      ) : (
        <div
          ref={box}
          className="log-box"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard, too
          tabIndex={0}
          role="log"
          aria-label={`Log of ${name.taskId}, container ${name.container}`}
          aria-live="off"
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            const isNear = scrollHeight - scrollTop - clientHeight < NEAR_PX;
            if (isNear !== isAtEnd && isOpen) setAtEnd(isNear);
          }}
        >
          <div
            className="log-lines"
            style={{ height: rows.getTotalSize(), "--digits": String(log.total).length } as CSSProperties}
          >
            {items.map(item => (
              <LogLine
                key={item.index}
                number={item.index + 1}
                line={log.lineAt(item.index + 1)}
                before={log.lineAt(item.index)?.at}
                words={search.words}
                zone={zone}
                isChosen={line === item.index + 1}
                isMatch={search.lines[search.at] === item.index + 1}
                isError={errorAt === item.index + 1}
                onChoose={onLine}
                style={{ transform: `translateY(${item.start}px)` }}
                measure={wraps ? rows.measureElement : null}
              />
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

/** The browser's own search sees only the lines that are there: its key, and the slash, lead to ours. */
function useSearchKeys(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea, select, [contenteditable]");
      const isFind = event.key === "f" && (event.ctrlKey || event.metaKey);
      if (!isFind && (event.key !== "/" || isTyping)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [field]);
}

function Nothing({ log, isOpen }: { log: ReturnType<typeof useLog>; isOpen: boolean }) {
  const code = log.error !== undefined && log.error instanceof Error && "code" in log.error ? log.error.code : undefined;
  if (code === "WL_LOG_UNKNOWN" || (log.error === undefined && log.version() > 0))
    return (
      <EmptyState icon={ScrollText} title={isOpen ? "Nothing printed yet" : "This container has printed nothing"}>
        {isOpen
          ? "Lines appear here as they are printed."
          : "Its try may have ended before the container started: the tab Pod says how far it came."}
      </EmptyState>
    );
  return log.error === undefined ? (
    <LoadingState what="the log" />
  ) : (
    <ErrorState error={log.error} onRetry={() => void log.load(-1)} />
  );
}
