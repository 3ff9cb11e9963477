import { useMay } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import type { Act } from "./act.ts";

interface ActButtonProps<Subject> {
  act: Act<Subject>;
  subject: NoInfer<Subject>;
  onAct: (act: Act<Subject>) => void;
  kind?: "primary" | "plain" | "quiet";
  small?: boolean;
}

/** One act as a button of its own. Who may not act sees none; where it makes no sense it says why. */
export function ActButton<Subject>({ act, subject, onAct, kind = "plain", small = false }: ActButtonProps<Subject>) {
  if (!useMay("operator")) return null;
  const refusal = act.refusal(subject);
  return (
    <Button
      kind={kind}
      small={small}
      icon={act.icon}
      disabled={refusal !== undefined}
      tip={refusal === undefined ? act.about : `Not now: ${refusal}`}
      onClick={() => onAct(act)}
    >
      {act.label}
    </Button>
  );
}
