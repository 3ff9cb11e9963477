import "./code.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { queries } from "../api/queries.ts";
import { useZone } from "../live/zone.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Select } from "../ui/field.tsx";
import { formatInstant } from "../ui/format-instant.ts";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { VersionDiff } from "./version-diff.tsx";

const route = getRouteApi("/dags/$dagId");

/** The DAG's file as it was published, version by version, and what differs between two of them. */
export function CodeTab({ dagId }: { dagId: string }) {
  const { from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const versions = useQuery(queries.versions(dagId));
  const zone = useZone();
  return (
    <QueryView query={versions} what="the versions">
      {({ versions: all }) => {
        const current = to ?? all.find(one => one.current)?.version ?? all[0]?.version;
        const choices = all.map(({ version, publishedAt, current: isCurrent }) => ({
          value: version,
          label: `${version.slice(0, 8)} · ${formatInstant(Date.parse(publishedAt), zone, "full", 0)}${isCurrent ? " · current" : ""}`,
        }));
        if (current === undefined) return <p className="quiet">No version of it is kept.</p>;
        return (
          <div className="stack">
            <div className="toolbar">
              <Select
                aria-label="Version"
                value={current}
                choices={choices}
                onChange={event => void navigate({ search: old => ({ ...old, to: event.target.value }), replace: true })}
              />
              {all.length > 1 && (
                <Select
                  aria-label="Compare with"
                  value={from ?? ""}
                  choices={[{ value: "", label: "Compare with …" }, ...choices.filter(({ value }) => value !== current)]}
                  onChange={event =>
                    void navigate({ search: old => ({ ...old, from: event.target.value || undefined }), replace: true })
                  }
                />
              )}
            </div>
            {from !== undefined && from !== current ? (
              <VersionDiff dagId={dagId} from={from} to={current} />
            ) : (
              <Source dagId={dagId} version={current} />
            )}
          </div>
        );
      }}
    </QueryView>
  );
}

function Source({ dagId, version }: { dagId: string; version: string }) {
  const source = useQuery(queries.source(dagId, version));
  return (
    <QueryView query={source} what="the code">
      {({ title, text }) => (
        <Panel flush title={<code>{title}</code>} aside={<CopyButton text={text} what="the text" />}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard, too */}
          <pre className="code" tabIndex={0}>
            {text.split("\n").map((line, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text that does not change
              <span key={i} className="code-line">
                {line}
                {"\n"}
              </span>
            ))}
          </pre>
        </Panel>
      )}
    </QueryView>
  );
}
