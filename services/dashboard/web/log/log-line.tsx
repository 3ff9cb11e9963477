import { Boxes, Cpu, type LucideIcon, Wind } from "lucide-react";
import { type CSSProperties, memo, type Ref } from "react";
import type { LogLineReply } from "#contract/log-lines.ts";
import { formatDuration } from "../ui/format-duration.ts";
import { formatInstant } from "../ui/format-instant.ts";
import { ansiSpans } from "./ansi-spans.ts";
import { splitAtMatches } from "./highlight.ts";

/** Who speaks on a line that is not the container's. */
const SPEAKERS: Readonly<Record<NonNullable<LogLineReply["by"]>, { icon: LucideIcon; name: string }>> = {
  event: { icon: Boxes, name: "Kubernetes event" },
  kubelet: { icon: Cpu, name: "node" },
  windlass: { icon: Wind, name: "Windlass" },
};

/** A silence that is worth a mark. */
const SILENCE_MS = 10_000;

interface LogLineProps {
  number: number;
  /** undefined: it is on its way. */
  line: LogLineReply | undefined;
  /** The stamp of the line before, where that is the container's, too. */
  before: string | undefined;
  words: string;
  /** IANA name. */
  zone: string;
  isChosen: boolean;
  /** The match that next and previous have come to. */
  isMatch: boolean;
  /** It says best why the program failed. */
  isError: boolean;
  onChoose: (number: number) => void;
  style: CSSProperties;
  measure: Ref<HTMLDivElement>;
}

export const LogLine = memo(function LogLine(props: LogLineProps) {
  const { number, line, before, words, zone, isChosen, isMatch, isError, onChoose, style, measure } = props;
  const speaker = line?.by === undefined ? undefined : SPEAKERS[line.by];
  const silenceMs = line?.at !== undefined && before !== undefined ? Date.parse(line.at) - Date.parse(before) : 0;
  return (
    <div
      ref={measure}
      data-index={number - 1}
      data-line={number}
      className={`log-line${isChosen ? " chosen" : ""}${isMatch ? " match" : ""}${isError ? " telling" : ""}${speaker === undefined ? "" : ` by-${line!.by}`}`}
      style={style}
    >
      <a
        className="log-number"
        href={`#L${number}`}
        aria-label={`Line ${number}`}
        onClick={event => {
          event.preventDefault();
          onChoose(number);
        }}
      >
        {number}
      </a>
      <span className="log-at">
        {line?.at !== undefined && formatInstant(Date.parse(line.at), zone, "exact", 0).slice(11)}
        {silenceMs >= SILENCE_MS && <span className="log-silence">+{formatDuration(silenceMs)}</span>}
      </span>
      <span className="log-text">
        {speaker !== undefined && (
          <span className="log-speaker">
            <speaker.icon size={12} aria-hidden="true" /> {speaker.name}
          </span>
        )}
        {line === undefined ? <span className="log-awaited" /> : <Text text={line.text} words={words} />}
      </span>
    </div>
  );
});

/** Spans and matches have no names but their places, and never change those. */
function Text({ text, words }: { text: string; words: string }) {
  return ansiSpans(text).map((span, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    <span key={i} className={span.classes}>
      {splitAtMatches(span.text, words).map((part, j) =>
        j % 2 === 0 ? (
          part
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <mark key={j}>{part}</mark>
        ),
      )}
    </span>
  ));
}
