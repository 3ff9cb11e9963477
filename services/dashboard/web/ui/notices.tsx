import "./notices.css";
import { type LucideIcon, ServerCrash, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { asProblem } from "../api/problem-error.ts";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  /** What the reader can do so that something is here. */
  children?: ReactNode;
}

/** Nothing is here, and how to change that. */
export const EmptyState = ({ icon: Icon, title, children }: EmptyStateProps) => (
  <div className="notice">
    <Icon size={22} strokeWidth={1.6} aria-hidden="true" />
    <p className="strong">{title}</p>
    {children !== undefined && <div className="quiet notice-text">{children}</div>}
  </div>
);

/** Something could not be had: what happened, what to do, and the id that finds it in the server's log. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { detail, next, code, requestId, isAway } = asProblem(error);
  const Icon = isAway ? ServerCrash : TriangleAlert;
  return (
    <div className="notice" role="alert">
      <Icon size={22} strokeWidth={1.6} className="tone-bad notice-bad" aria-hidden="true" />
      <p className="strong">{detail}</p>
      <p className="quiet notice-text">{next}</p>
      <p className="row small quiet">
        <code>{code}</code>
        {requestId !== undefined && (
          <>
            <code>{requestId}</code>
            <CopyButton text={requestId} what="the request's id" />
          </>
        )}
      </p>
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

/** Something is on its way. Shown late, so that fast answers do not flicker. */
export const LoadingState = ({ what }: { what: string }) => (
  <div className="loading" role="status">
    <span className="spoken">{what} is being loaded</span>
    <span className="loading-line" />
    <span className="loading-line" />
    <span className="loading-line short" />
  </div>
);
