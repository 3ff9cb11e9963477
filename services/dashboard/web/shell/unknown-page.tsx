import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { EmptyState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";

export const UnknownPage = () => (
  <Page title="There is no such page" name="Not found">
    <EmptyState icon={Compass} title="Nothing lies under this address">
      Go to <Link to="/">what happens now</Link> or to the <Link to="/dags">list of DAGs</Link>, or search with <kbd>Ctrl K</kbd>.
    </EmptyState>
  </Page>
);
