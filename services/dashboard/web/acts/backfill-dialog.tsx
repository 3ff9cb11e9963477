import "./acts.css";
import { useMutation } from "@tanstack/react-query";
import { CalendarRange, ListChecks } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { z } from "zod";
import type { StartBackfillReply } from "#contract/backfill.ts";
import { ask } from "../api/ask.ts";
import { asProblem } from "../api/problem-error.ts";
import { queryClient } from "../api/query-client.ts";
import { useMe } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input, Select } from "../ui/field.tsx";
import { Instant } from "../ui/instant.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { sayDone } from "./said.ts";

type Reply = z.infer<typeof StartBackfillReply>;
type Planned = NonNullable<Reply["plan"]>[number];

const REPROCESS = [
  { value: "none", label: "Leave runs that exist" },
  { value: "failed", label: "Run again what has failed in them" },
  { value: "all", label: "Run all of them again" },
];
const ORDERS = [
  { value: "oldest", label: "The oldest first" },
  { value: "newest", label: "The newest first" },
];
const ACTIONS: Readonly<Record<Planned["action"], string>> = {
  create: "a new run",
  clearFailed: "clear what failed",
  clearAll: "clear all",
  leave: "leave as it is",
};
const SHOWN = 100;

const COLUMNS: readonly Column<Planned>[] = [
  { id: "at", head: "Logical date", cell: ({ logicalAt }) => <Instant at={logicalAt} style="full" /> },
  { id: "action", head: "What is done", cell: ({ action }) => ACTIONS[action] },
  {
    id: "state",
    head: "Now",
    cell: ({ state }) => (state === undefined ? <span className="quiet">no run</span> : <StateBadge state={state} />),
  },
];

/** Runs a DAG for the ticks of a range. The plan is shown before anything is started. */
export function BackfillDialog({ dagId, onClose }: { dagId: string; onClose: () => void }) {
  const [form, setForm] = useState({ from: "", until: "", reprocess: "none", order: "oldest", maxActiveRuns: "4" });
  const { name: me } = useMe();
  const send = (dryRun: boolean): Promise<Reply> =>
    ask<Reply>("/api/v1/backfills", { body: { ...form, dagId, maxActiveRuns: Number(form.maxActiveRuns), dryRun } });
  const plan = useMutation({ mutationFn: () => send(true) });
  const start = useMutation({
    mutationFn: () => send(false),
    onSuccess: ({ backfill }) => {
      void queryClient.invalidateQueries();
      onClose();
      sayDone(`Backfill ${backfill?.id ?? ""} started`, me);
    },
  });
  const set = (name: keyof typeof form) => (event: { target: { value: string } }) => {
    setForm({ ...form, [name]: event.target.value });
    plan.reset();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (plan.data === undefined) plan.mutate();
    else start.mutate();
  };
  const failure = plan.error ?? start.error;
  const problem = failure === null ? undefined : asProblem(failure);
  const errorOf = (field: string) => problem?.errors?.find(({ pointer }) => pointer === `#/${field}`)?.detail;
  const planned = plan.data?.plan;
  const changing = planned?.filter(({ action }) => action !== "leave").length;

  return (
    <Dialog
      title={`Backfill ${dagId}`}
      description="Runs the DAG for every tick of its schedule between two logical dates, both included."
      onClose={onClose}
      wide
    >
      <form className="stack loose" onSubmit={submit}>
        <div className="form-columns">
          <Field label="From" hint="2026-01-31 or 2026-01-31T06:30, in the DAG's zone" error={errorOf("from")}>
            {ids => <Input {...ids} required value={form.from} onChange={set("from")} placeholder="2026-01-01" />}
          </Field>
          <Field label="Until" error={errorOf("until")}>
            {ids => <Input {...ids} required value={form.until} onChange={set("until")} placeholder="2026-01-31" />}
          </Field>
          <Field label="Runs that exist">
            {ids => <Select {...ids} choices={REPROCESS} value={form.reprocess} onChange={set("reprocess")} />}
          </Field>
          <Field label="Order">{ids => <Select {...ids} choices={ORDERS} value={form.order} onChange={set("order")} />}</Field>
          <Field label="Runs at once" hint="Whatever the DAG's own limit is" error={errorOf("maxActiveRuns")}>
            {ids => <Input {...ids} inputMode="numeric" value={form.maxActiveRuns} onChange={set("maxActiveRuns")} />}
          </Field>
        </div>
        {problem !== undefined && problem.errors === undefined && (
          <p className="field-error" role="alert">
            {problem.detail}. {problem.next}
          </p>
        )}
        {planned !== undefined && (
          <div className="backfill-plan">
            <Table label="planned runs" columns={COLUMNS} rows={planned.slice(0, SHOWN)} keyOf={({ runId }) => runId} />
            {planned.length > SHOWN && <p className="quiet small">and {planned.length - SHOWN} more</p>}
          </div>
        )}
        <div className="dialog-buttons">
          <Button onClick={onClose}>Cancel</Button>
          {planned === undefined ? (
            <Button type="submit" kind="primary" icon={ListChecks} disabled={plan.isPending}>
              Show the plan
            </Button>
          ) : (
            <Button type="submit" kind="primary" icon={CalendarRange} disabled={start.isPending || changing === 0}>
              Start {changing} {changing === 1 ? "run" : "runs"}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
