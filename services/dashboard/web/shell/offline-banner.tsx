import { WifiOff } from "lucide-react";
import { connection } from "../live/connection.ts";
import { useObservable } from "../live/observable.ts";
import { Instant } from "../ui/instant.tsx";

/** Says that what is shown is old, as long as the server does not answer. */
export function OfflineBanner() {
  const state = useObservable(connection.state);
  if (state.isHere) return null;
  return (
    <div className="offline" role="status">
      <WifiOff size={15} aria-hidden="true" />
      <span>
        <strong>The server does not answer{state.why === undefined ? "" : `: ${state.why}`}.</strong> What you see is from{" "}
        <Instant at={state.sinceAt} />; the page goes on trying.
      </span>
    </div>
  );
}
