import "./panel.css";
import type { ReactNode } from "react";

interface PanelProps {
  title?: ReactNode;
  /** At the right of the title. */
  aside?: ReactNode;
  /** Its content touches the edges, as tables do. */
  flush?: boolean;
  tone?: "bad" | "warn";
  children: ReactNode;
}

/** A part of a page in a frame of its own. */
export function Panel({ title, aside, flush = false, tone, children }: PanelProps) {
  return (
    <section className={`panel${flush ? " flush" : ""}${tone === undefined ? "" : ` panel-${tone}`}`}>
      {(title !== undefined || aside !== undefined) && (
        <header className="panel-head">
          <h2>{title}</h2>
          {aside !== undefined && <div className="row wrap">{aside}</div>}
        </header>
      )}
      <div className="panel-body">{children}</div>
    </section>
  );
}

/** Names and values, in columns as the room allows. Undefined values are left out. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
