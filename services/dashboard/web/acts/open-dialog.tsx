import { lazy, Suspense } from "react";
import { useObservable } from "../live/observable.ts";
import { opened } from "./opened.ts";

const ActDialog = lazy(async () => ({ default: (await import("./act-dialog.tsx")).ActDialog }));
const TriggerDialog = lazy(async () => ({ default: (await import("./trigger-dialog.tsx")).TriggerDialog }));
const ApproveDialog = lazy(async () => ({ default: (await import("./approve-dialog.tsx")).ApproveDialog }));
const BackfillDialog = lazy(async () => ({ default: (await import("./backfill-dialog.tsx")).BackfillDialog }));

/** The dialog that is open, if any. Dialogs are loaded when one is first asked for. */
export function OpenDialog() {
  const open = useObservable(opened);
  const close = (): void => opened.set(undefined);
  if (open === undefined) return null;
  return (
    <Suspense fallback={null}>
      {open.kind === "act" && <ActDialog act={open.act} subjects={open.subjects} onClose={close} />}
      {open.kind === "trigger" && <TriggerDialog dagId={open.dagId} conf={open.conf} onClose={close} />}
      {open.kind === "approve" && <ApproveDialog runId={open.runId} taskId={open.taskId} onClose={close} />}
      {open.kind === "backfill" && <BackfillDialog dagId={open.dagId} onClose={close} />}
    </Suspense>
  );
}
