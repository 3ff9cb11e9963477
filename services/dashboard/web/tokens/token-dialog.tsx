import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask } from "../api/ask.ts";
import { asProblem } from "../api/problem-error.ts";
import { queryClient } from "../api/query-client.ts";
import { ROLES, useMe } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input, Select } from "../ui/field.tsx";

/** Makes a token, and shows it this once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { role: own } = useMe();
  const [form, setForm] = useState({ name: "", role: "", expiresIn: "90d" });
  const make = useMutation({
    mutationFn: () => {
      const { name, role, expiresIn } = form;
      return ask<{ token: string }>("/api/v1/tokens", {
        body: { name, ...(role === "" ? {} : { grants: [{ role }] }), ...(expiresIn === "" ? {} : { expiresIn }) },
      });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["tokens"] }),
  });
  const problem = make.error === null ? undefined : asProblem(make.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  if (make.data !== undefined) {
    return (
      <Dialog
        title={`Token ${form.name}`}
        description="Copy it now: it is not shown again, to nobody."
        onClose={onClose}
        footer={
          <Button kind="primary" onClick={onClose}>
            I have it
          </Button>
        }
      >
        <div className="row">
          <pre className="cut">{make.data.token}</pre>
          <CopyButton text={make.data.token} what="the token" />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="New token" description="It may do what you may do, or less." onClose={onClose}>
      <form className="stack loose" onSubmit={submit}>
        <Field label="Name" hint="What it is for" error={problem?.errors?.find(({ pointer }) => pointer === "#/name")?.detail}>
          {ids => (
            <Input
              {...ids}
              required
              value={form.name}
              onChange={event => setForm({ ...form, name: event.target.value })}
              placeholder="ci"
            />
          )}
        </Field>
        <Field label="What it may do">
          {ids => (
            <Select
              {...ids}
              value={form.role}
              onChange={event => setForm({ ...form, role: event.target.value })}
              choices={[
                { value: "", label: "The same as I" },
                ...ROLES.slice(0, ROLES.indexOf(own) + 1).map(role => ({ value: role, label: role })),
              ]}
            />
          )}
        </Field>
        <Field
          label="Good for"
          hint="90d, 12h. Empty: until it is revoked"
          error={problem?.errors?.find(({ pointer }) => pointer === "#/expiresIn")?.detail}
        >
          {ids => (
            <Input {...ids} value={form.expiresIn} onChange={event => setForm({ ...form, expiresIn: event.target.value })} />
          )}
        </Field>
        {problem !== undefined && (
          <p className="field-error" role="alert">
            {problem.detail}. {problem.next}
          </p>
        )}
        <div className="dialog-buttons">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" disabled={make.isPending}>
            Make it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
