import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";

/** A page that could not be drawn: a defect, or files of an older build that are gone after an update. */
export const PageFailed = ({ error }: ErrorComponentProps) => (
  <Page title="This page could not be shown" name="Error">
    <ErrorState error={error} onRetry={() => location.reload()} />
  </Page>
);
