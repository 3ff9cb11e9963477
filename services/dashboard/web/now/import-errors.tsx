import "./import-errors.css";
import { useQuery } from "@tanstack/react-query";
import { FileX } from "lucide-react";
import { queries } from "../api/queries.ts";
import { Ago } from "../ui/instant.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";

/** DAG files that could not be loaded: where, what, and what to do. */
export function ImportErrors() {
  const query = useQuery(queries.importErrors());
  const count = query.data?.importErrors.length;
  return (
    <Panel
      flush
      tone="bad"
      title={
        <>
          <FileX size={16} aria-hidden="true" />
          {count ?? "Some"} DAG {count === 1 ? "file" : "files"} could not be loaded
        </>
      }
    >
      <QueryView query={query} what="the files">
        {({ importErrors }) => (
          <ul>
            {importErrors.map(({ file, importedBy, line, code, message, next, at }) => (
              <li key={`${file} ${message}`} className="import-error">
                <div className="row">
                  <span className="strong mono">
                    {file}
                    {line !== undefined && `:${line}`}
                  </span>
                  {importedBy !== undefined && <span className="quiet small">imported by {importedBy}</span>}
                  <code className="quiet small">{code}</code>
                  <span className="quiet small import-error-when">
                    <Ago at={at} />
                  </span>
                </div>
                <pre>{message}</pre>
                {next !== undefined && <p className="quiet small">{next}</p>}
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  );
}
