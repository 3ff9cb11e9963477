import { Page } from "../ui/page.tsx";
import { BackfillList } from "./backfill-list.tsx";

export const BackfillsPage = () => (
  <Page title="Backfills" name="Backfills" about="Runs for ticks of the past, as many at once as each of them allows">
    <BackfillList />
  </Page>
);
