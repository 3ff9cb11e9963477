import { CalendarRange } from "lucide-react";
import { askToBackfill } from "../acts/opened.ts";
import { BackfillList } from "../backfills/backfill-list.tsx";
import { useMay } from "../live/me.ts";
import { Button } from "../ui/button.tsx";

export function BackfillsTab({ dagId }: { dagId: string }) {
  const mayAct = useMay("operator");
  return (
    <div className="stack">
      {mayAct && (
        <div className="toolbar">
          <Button icon={CalendarRange} onClick={() => askToBackfill(dagId)}>
            New backfill …
          </Button>
        </div>
      )}
      <BackfillList dagId={dagId} />
    </div>
  );
}
