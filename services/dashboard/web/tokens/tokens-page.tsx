import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Act } from "../acts/act.ts";
import { opened } from "../acts/opened.ts";
import { type ApiToken, adminQueries } from "../api/admin-queries.ts";
import { ask, path } from "../api/ask.ts";
import { Button } from "../ui/button.tsx";
import { Ago, Instant } from "../ui/instant.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { TokenDialog } from "./token-dialog.tsx";

/** Tokens with which programs use the API. */
export function TokensPage() {
  const tokens = useQuery(adminQueries.tokens());
  const [isMaking, setMaking] = useState(false);
  return (
    <Page
      title="Tokens"
      name="Tokens"
      about="With which programs use the API: Authorization: Bearer …"
      acts={
        <Button icon={Plus} onClick={() => setMaking(true)}>
          New token …
        </Button>
      }
    >
      <Panel flush>
        <QueryView query={tokens} what="the tokens">
          {({ tokens: all }) =>
            all.length === 0 ? (
              <EmptyState icon={KeyRound} title="No token yet">
                A token lets a program do what you may do, or less. It is shown once, when it is made.
              </EmptyState>
            ) : (
              <Table label="tokens" columns={COLUMNS} rows={all} keyOf={({ id }) => id} />
            )
          }
        </QueryView>
      </Panel>
      {isMaking && <TokenDialog onClose={() => setMaking(false)} />}
    </Page>
  );
}

const REVOKE: Act<ApiToken> = {
  id: "revoke",
  label: "Revoke",
  icon: Trash2,
  isGrave: true,
  refusal: () => undefined,
  about: "Programs that use it are refused from now on. This is final.",
  carryOut: async ({ id }) => {
    await ask(path`/api/v1/tokens/${id}`, { method: "DELETE" });
    return "revoked";
  },
};

const COLUMNS: readonly Column<ApiToken>[] = [
  { id: "name", head: "Name", grows: true, cell: ({ name }) => <span className="strong">{name}</span> },
  {
    id: "grants",
    head: "May",
    cell: ({ grants }) => grants.map(({ role, dags }) => `${role}${dags === undefined ? "" : " of some DAGs"}`).join(", "),
  },
  { id: "by", head: "Made by", cell: ({ by }) => by },
  { id: "created", head: "Made", cell: ({ createdAt }) => <Ago at={createdAt} /> },
  {
    id: "used",
    head: "Last used",
    cell: ({ lastUsedAt }) => (lastUsedAt === undefined ? <span className="quiet">never</span> : <Ago at={lastUsedAt} />),
  },
  {
    id: "expires",
    head: "Good until",
    cell: ({ expiresAt }) =>
      expiresAt === undefined ? <span className="quiet">revoked</span> : <Instant at={expiresAt} style="full" />,
  },
  {
    id: "acts",
    head: <span className="spoken">Actions</span>,
    align: "right",
    cell: token => (
      <Button
        kind="quiet"
        small
        icon={Trash2}
        tip={`Revoke ${token.name}`}
        onClick={() => opened.set({ kind: "act", act: REVOKE as Act<unknown>, subjects: [{ subject: token, name: token.name }] })}
      />
    ),
  },
];
