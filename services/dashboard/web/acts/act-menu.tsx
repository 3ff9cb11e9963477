import { ChevronDown, Ellipsis } from "lucide-react";
import { useMay } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import type { Act } from "./act.ts";

interface ActMenuProps<Subject> {
  /** The rows of the menu, as RUN_ACTS and TASK_ACTS have them. */
  acts: readonly Act<Subject>[];
  /** What it would be done to: an act that none of them allows is greyed out. */
  subjects: readonly NoInfer<Subject>[];
  onAct: (act: Act<Subject>) => void;
  /** On the button; absent: three dots. */
  label?: string;
  small?: boolean;
}

/** Acts behind a button. Who may not act sees none. */
export function ActMenu<Subject>({ acts, subjects, onAct, label, small = false }: ActMenuProps<Subject>) {
  if (!useMay("operator")) return null;
  const items = acts.map(act => {
    const refusals = subjects.map(act.refusal);
    const isRefused = refusals.every(refusal => refusal !== undefined);
    return { label: act.label, icon: act.icon, disabled: isRefused, onSelect: () => onAct(act) };
  });
  return (
    <Menu items={items}>
      {label === undefined ? (
        <Button kind="quiet" small={small} icon={Ellipsis} tip="Actions" />
      ) : (
        <Button small={small}>
          {label}
          <ChevronDown size={14} aria-hidden="true" />
        </Button>
      )}
    </Menu>
  );
}
