import { lazy, Suspense } from "react";
import { useObservable } from "../live/observable.ts";
import { session } from "../live/session.ts";

const LoginDialog = lazy(async () => ({ default: (await import("./login-dialog.tsx")).LoginDialog }));

/** Asks for the login again when it has ended; what is on the page stays as it is meanwhile. */
export function SessionOver() {
  const isOver = useObservable(session.isOver);
  return (
    isOver && (
      <Suspense fallback={null}>
        <LoginDialog />
      </Suspense>
    )
  );
}
