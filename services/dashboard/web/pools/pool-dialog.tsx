import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { PoolReply } from "#contract/pool.ts";
import { sayDone } from "../acts/said.ts";
import { ask, path } from "../api/ask.ts";
import { asProblem } from "../api/problem-error.ts";
import { queryClient } from "../api/query-client.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Check, Field, Input } from "../ui/field.tsx";

interface PoolDialogProps {
  /** The pool to change; without a name a new one. */
  pool: Partial<PoolReply>;
  onClose: () => void;
}

export function PoolDialog({ pool, onClose }: PoolDialogProps) {
  const isNew = pool.name === undefined;
  const [form, setForm] = useState({
    name: pool.name ?? "",
    slots: String(pool.slots ?? 8),
    description: pool.description ?? "",
    includeDeferred: pool.includeDeferred ?? false,
  });
  const save = useMutation({
    mutationFn: () => {
      const { name, slots, description, includeDeferred } = form;
      const body = { slots: Number(slots), includeDeferred, ...(description === "" ? {} : { description }) };
      return ask(path`/api/v1/pools/${name}`, { method: "PUT", body });
    },
    onSuccess: () => {
      void queryClient.invalidateQueries();
      onClose();
      sayDone(`Pool ${form.name} has ${form.slots} slots`);
    },
  });
  const problem = save.error === null ? undefined : asProblem(save.error);
  const errorOf = (field: string) => problem?.errors?.find(({ pointer }) => pointer === `#/${field}`)?.detail;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog title={isNew ? "New pool" : `Pool ${pool.name}`} onClose={onClose}>
      <form className="stack loose" onSubmit={submit}>
        {isNew && (
          <Field label="Name" hint="Tasks name it: pool: &quot;warehouse&quot;" error={errorOf("pool")}>
            {ids => (
              <Input {...ids} required value={form.name} onChange={event => setForm({ ...form, name: event.target.value })} />
            )}
          </Field>
        )}
        <Field label="Slots" error={errorOf("slots")}>
          {ids => (
            <Input
              {...ids}
              required
              inputMode="numeric"
              value={form.slots}
              onChange={event => setForm({ ...form, slots: event.target.value })}
            />
          )}
        </Field>
        <Field label="Description" error={errorOf("description")}>
          {ids => (
            <Input {...ids} value={form.description} onChange={event => setForm({ ...form, description: event.target.value })} />
          )}
        </Field>
        <Check
          label="Tasks that wait for something outside keep their slots"
          checked={form.includeDeferred}
          onChange={includeDeferred => setForm({ ...form, includeDeferred })}
        />
        {problem !== undefined && (
          <p className="field-error" role="alert">
            {problem.detail}. {problem.next}
          </p>
        )}
        <div className="dialog-buttons">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" disabled={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
