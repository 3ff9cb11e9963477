import { PackageOpen } from "lucide-react";
import { CopyButton } from "../ui/copy-button.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Panel } from "../ui/panel.tsx";

/** The result that the task wrote. */
export function OutputView({ output }: { output: unknown }) {
  if (output === undefined)
    return (
      <EmptyState icon={PackageOpen} title="It has written no result">
        A task with the option <code>result</code> writes JSON to the file that WINDLASS_RESULT_PATH names.
      </EmptyState>
    );
  const text = JSON.stringify(output, undefined, 2);
  return (
    <Panel title="Result" aside={<CopyButton text={text} what="the result" />}>
      <pre>{text}</pre>
    </Panel>
  );
}
