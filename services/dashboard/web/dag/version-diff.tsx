import { useQuery } from "@tanstack/react-query";
import { Equal } from "lucide-react";
import type { z } from "zod";
import type { DiffReply } from "#contract/version.ts";
import { queries } from "../api/queries.ts";
import { EmptyState } from "../ui/notices.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { lineDiff } from "./line-diff.ts";

type Diff = z.infer<typeof DiffReply>;
interface Difference {
  where: string;
  path: string;
  from: unknown;
  to: unknown;
}

const COLUMNS: readonly Column<Difference>[] = [
  { id: "where", head: "Where", cell: ({ where }) => <span className="strong nowrap">{where}</span> },
  { id: "path", head: "What", cell: ({ path }) => <code>{path}</code> },
  { id: "from", head: "Before", cell: ({ from }) => <Value value={from} /> },
  { id: "to", head: "After", cell: ({ to }) => <Value value={to} /> },
];

const Value = ({ value }: { value: unknown }) =>
  value === undefined ? (
    <span className="quiet">not there</span>
  ) : (
    <code className="difference-value">{typeof value === "string" ? value : JSON.stringify(value, null, 1)}</code>
  );

/** What differs between two versions: in the DAG as it is executed, and in the text of its file. */
export function VersionDiff({ dagId, from, to }: { dagId: string; from: string; to: string }) {
  const diff = useQuery(queries.diff(dagId, from, to));
  const before = useQuery(queries.source(dagId, from));
  const after = useQuery(queries.source(dagId, to));
  const isSource = before.data?.isFile === true && after.data?.isFile === true;
  return (
    <>
      <QueryView query={diff} what="the differences">
        {found => <Differences rows={rowsOf(found)} />}
      </QueryView>
      {isSource && (
        <Panel flush title={<code>{after.data?.title}</code>}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard, too */}
          <pre className="code" tabIndex={0}>
            {lineDiff(before.data?.text ?? "", after.data?.text ?? "").map(({ kind, text }, i) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: lines of texts that do not change
                key={i}
                className={`code-line diff-line is-${kind}`}
                data-sign={{ added: "+", removed: "−", same: "", skipped: "⋯" }[kind]}
              >
                {text}
                {"\n"}
              </span>
            ))}
          </pre>
        </Panel>
      )}
    </>
  );
}

const Differences = ({ rows }: { rows: readonly Difference[] }) => (
  <Panel flush title={`${rows.length} ${rows.length === 1 ? "difference" : "differences"} in what is executed`}>
    {rows.length === 0 ? (
      <EmptyState icon={Equal} title="Both versions execute the same" />
    ) : (
      <div className="differences">
        <Table label="differences" columns={COLUMNS} rows={rows} keyOf={({ where, path }) => `${where} ${path}`} />
      </div>
    )}
  </Panel>
);

function rowsOf({ added, removed, changed, dag }: Diff): Difference[] {
  return [
    ...dag.map(({ path, from, to }) => ({ where: "DAG", path, from, to })),
    ...removed.map(taskId => ({ where: taskId, path: "task", from: "was there", to: undefined })),
    ...added.map(taskId => ({ where: taskId, path: "task", from: undefined, to: "is new" })),
    ...changed.flatMap(({ taskId, differences }) => differences.map(({ path, from, to }) => ({ where: taskId, path, from, to }))),
  ];
}
