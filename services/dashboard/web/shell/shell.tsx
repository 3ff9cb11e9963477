import "./shell.css";
import { Outlet, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { OpenDialog } from "../acts/open-dialog.tsx";
import { useRunEvents } from "../live/live-events.ts";
import { useObservable } from "../live/observable.ts";
import { DagZone } from "../live/zone.ts";
import { TipLayer } from "../ui/tip-layer.tsx";
import { Navigation } from "./navigation.tsx";
import { OfflineBanner } from "./offline-banner.tsx";
import { SessionOver } from "./session-over.tsx";
import { theme } from "./theme.ts";
import { TopBar } from "./top-bar.tsx";
import { useDagTimezone } from "./use-dag-timezone.ts";

/** What is not needed to see the first page is loaded behind it. */
const Toaster = lazy(async () => ({ default: (await import("sonner")).Toaster }));
const Palette = lazy(async () => ({ default: (await import("./palette.tsx")).Palette }));

/** What is around every page. */
export function Shell() {
  const [isSearching, setSearching] = useState(false);
  const chosenTheme = useObservable(theme);
  const { dagId, runId } = useParams({ strict: false });
  const timezone = useDagTimezone(dagId ?? runId?.slice(0, runId.indexOf("~")));
  useRunEvents(runId);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setSearching(true);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <DagZone value={timezone}>
      <div className="shell">
        <a className="skip" href="#content">
          Skip to the content
        </a>
        <TopBar onSearch={() => setSearching(true)} />
        <Navigation />
        <main id="content" className="content" tabIndex={-1}>
          <OfflineBanner />
          <Outlet />
        </main>
        {isSearching && (
          <Suspense fallback={null}>
            <Palette onClose={() => setSearching(false)} />
          </Suspense>
        )}
        <OpenDialog />
        <SessionOver />
        <TipLayer />
        <Suspense fallback={null}>
          <Toaster theme={chosenTheme} position="bottom-right" closeButton />
        </Suspense>
      </div>
    </DagZone>
  );
}
