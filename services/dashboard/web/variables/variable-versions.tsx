import { useQuery } from "@tanstack/react-query";
import { queries } from "../api/queries.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Instant } from "../ui/instant.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { type Column, Table } from "../ui/table.tsx";

interface Version {
  version: number;
  at: string;
  by: string;
  value?: unknown;
}

const COLUMNS: readonly Column<Version>[] = [
  { id: "version", head: "No.", align: "right", cell: ({ version }) => version },
  { id: "at", head: "When", cell: ({ at }) => <Instant at={at} style="full" /> },
  { id: "by", head: "Who", cell: ({ by }) => by },
  {
    id: "value",
    head: "Value",
    cell: ({ value }) => (value === undefined ? <span className="quiet">removed</span> : <code>{JSON.stringify(value)}</code>),
  },
];

/** The last changes of a variable, the youngest first. */
export function VariableVersions({ name, onClose }: { name: string; onClose: () => void }) {
  const variable = useQuery(queries.variable(name));
  return (
    <Dialog title={`Changes of ${name}`} onClose={onClose} wide>
      <QueryView query={variable} what="the changes">
        {({ versions }) => <Table label="changes" columns={COLUMNS} rows={versions} keyOf={({ version }) => String(version)} />}
      </QueryView>
    </Dialog>
  );
}
