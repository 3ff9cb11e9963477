import { Braces } from "lucide-react";
import { EmptyState } from "../ui/notices.tsx";
import { Panel } from "../ui/panel.tsx";

/** What the task's texts with {{ … }} became for a try. */
export function RenderedView({ rendered }: { rendered: Readonly<Record<string, string>> | undefined }) {
  const texts = Object.entries(rendered ?? {});
  if (texts.length === 0)
    return (
      <EmptyState icon={Braces} title="None of its texts holds a value of the run">
        Where a DAG file says <code>{"{{ run.ds }}"}</code>, <code>{"{{ params.country }}"}</code> or{" "}
        <code>{"{{ tasks.extract.output }}"}</code>, here stands what it became.
      </EmptyState>
    );
  return (
    <Panel title="Texts as this try had them">
      <dl className="rendered">
        {texts.map(([where, text]) => (
          <div key={where} style={{ display: "contents" }}>
            <dt>
              <code>{where}</code>
            </dt>
            <dd>
              <code>{text}</code>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
