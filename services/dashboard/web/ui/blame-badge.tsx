import "./blame-badge.css";
import { CircleHelp, CloudAlert, Code, Gavel, type LucideIcon, Settings } from "lucide-react";

const LOOKS: Readonly<Record<string, { icon: LucideIcon; whose: string; tip: string }>> = {
  user: { icon: Code, whose: "program", tip: "The task's own program failed" },
  infra: {
    icon: CloudAlert,
    whose: "cluster",
    tip: "The cluster's matter, not the program's: it is repeated without using up a try",
  },
  config: { icon: Settings, whose: "configuration", tip: "The task is described wrongly: repeating it cannot help" },
  policy: { icon: Gavel, whose: "decision", tip: "Somebody, or a limit, decided so" },
};
const OTHER = { icon: CircleHelp, whose: "", tip: "" };

/** A failure's code with whose matter it is. */
export function BlameBadge({ code, blame }: { code: string; blame: string }) {
  const { icon: Icon, whose, tip } = LOOKS[blame] ?? OTHER;
  return (
    <span className="blame" data-tip={tip}>
      <Icon size={12} aria-hidden="true" />
      {code}
      {whose !== "" && <span className="blame-whose">{whose}</span>}
    </span>
  );
}
