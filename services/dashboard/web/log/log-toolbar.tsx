import { ArrowDown, ArrowDownToLine, ArrowUp, Clock, Download, FileText, Search, TriangleAlert, WrapText } from "lucide-react";
import type { RefObject } from "react";
import { Button } from "../ui/button.tsx";
import { type LogName, logUrl } from "./use-log.ts";
import type { LogSearch } from "./use-log-search.ts";

interface LogToolbarProps {
  name: LogName;
  containers: readonly string[];
  onContainer: (container: string) => void;
  query: string;
  onQuery: (query: string) => void;
  search: LogSearch;
  searchField: RefObject<HTMLInputElement | null>;
  onFind: (step: 1 | -1) => void;
  wraps: boolean;
  onWrap: (on: boolean) => void;
  hasStamps: boolean;
  onStamps: (on: boolean) => void;
  /** Lines are still to come. */
  isOpen: boolean;
  isAtEnd: boolean;
  onFollow: (on: boolean) => void;
  /** Absent: no line says why it failed. */
  onError: (() => void) | undefined;
  total: number;
}

/** What can be done with a log, in one line above it. */
export function LogToolbar(props: LogToolbarProps) {
  const { name, wraps, onWrap, hasStamps, onStamps, isOpen, isAtEnd, onFollow, onError, total } = props;
  return (
    <div className="log-toolbar">
      <Containers {...props} />
      <SearchField {...props} />
      <span className="log-room" />
      {onError !== undefined && (
        <Button small kind="quiet" icon={TriangleAlert} onClick={onError} tip="The line that says best why it failed">
          To the error
        </Button>
      )}
      {isOpen && (
        <Button
          small
          kind="quiet"
          icon={ArrowDownToLine}
          aria-pressed={isAtEnd}
          onClick={() => onFollow(!isAtEnd)}
          tip="Stay at the end as lines come"
        >
          Follow
        </Button>
      )}
      <span className="log-count number">{total === 1 ? "1 line" : `${total.toLocaleString("en")} lines`}</span>
      <Button
        small
        kind="quiet"
        icon={Clock}
        aria-pressed={hasStamps}
        onClick={() => onStamps(!hasStamps)}
        tip="Time of each line"
      />
      <Button small kind="quiet" icon={WrapText} aria-pressed={wraps} onClick={() => onWrap(!wraps)} tip="Wrap long lines" />
      <a
        className="button quiet small icon-only"
        href={logUrl(name)}
        target="_blank"
        rel="noreferrer"
        data-tip="The log as text"
        aria-label="The log as text"
      >
        <FileText size={13} aria-hidden="true" />
      </a>
      <a
        className="button quiet small icon-only"
        href={logUrl(name)}
        download={`${name.taskId}.${name.try}.${name.container}.log`}
        data-tip="Download"
        aria-label="Download"
      >
        <Download size={13} aria-hidden="true" />
      </a>
    </div>
  );
}

function Containers({ name, containers, onContainer }: LogToolbarProps) {
  if (containers.length < 2) return null;
  return (
    <fieldset className="button-group log-containers">
      <legend className="spoken">Container</legend>
      {containers.map(container => (
        <Button key={container} small aria-pressed={container === name.container} onClick={() => onContainer(container)}>
          {container}
        </Button>
      ))}
      <a
        className="button small"
        href={logUrl({ ...name, container: "*" })}
        target="_blank"
        rel="noreferrer"
        data-tip="The lines of all containers by their time, as text"
      >
        all
      </a>
    </fieldset>
  );
}

function SearchField({ query, onQuery, search, searchField, onFind }: LogToolbarProps) {
  const { words, lines, total, at, isUnderWay } = search;
  const found = isUnderWay ? "…" : total === 0 ? "no match" : `${at < 0 ? "" : `${at + 1} of `}${total.toLocaleString("en")}`;
  return (
    <search className="log-search">
      <Search size={13} aria-hidden="true" />
      <input
        ref={searchField}
        type="search"
        aria-label="Search the log"
        placeholder="Search  /"
        value={query}
        spellCheck={false}
        autoComplete="off"
        onChange={event => onQuery(event.target.value)}
        onKeyDown={event => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          onFind(event.shiftKey ? -1 : 1);
        }}
      />
      {words !== "" && (
        <>
          <output className="log-found number">{found}</output>
          <Button
            small
            kind="quiet"
            icon={ArrowUp}
            tip="Match before (Shift-Enter)"
            disabled={lines.length === 0}
            onClick={() => onFind(-1)}
          />
          <Button
            small
            kind="quiet"
            icon={ArrowDown}
            tip="Next match (Enter)"
            disabled={lines.length === 0}
            onClick={() => onFind(1)}
          />
        </>
      )}
    </search>
  );
}
