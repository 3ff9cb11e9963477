import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask } from "../api/ask.ts";
import { asProblem } from "../api/problem-error.ts";
import { queryClient } from "../api/query-client.ts";
import { session } from "../live/session.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";

const goOn = (): void => {
  session.renewed();
  void queryClient.invalidateQueries();
};

/** Logs in again without leaving the page. Where another party vouches for people, that happens in a new tab. */
export function LoginDialog() {
  const [form, setForm] = useState({ name: "", password: "" });
  const login = useMutation({ mutationFn: () => ask("/login", { body: form }), onSuccess: goOn });
  const problem = login.error === null ? undefined : asProblem(login.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    login.mutate();
  };
  return (
    <Dialog
      title="Your session has ended"
      description="Log in again: filters, tabs and what you have typed stay as they are."
      onClose={goOn}
    >
      <form className="stack loose" onSubmit={submit}>
        <Field label="Name">
          {ids => (
            <Input
              {...ids}
              required
              autoComplete="username"
              value={form.name}
              onChange={event => setForm({ ...form, name: event.target.value })}
            />
          )}
        </Field>
        <Field label="Password" error={problem && `${problem.detail}. ${problem.next}`}>
          {ids => (
            <Input
              {...ids}
              required
              type="password"
              autoComplete="current-password"
              value={form.password}
              onChange={event => setForm({ ...form, password: event.target.value })}
            />
          )}
        </Field>
        <div className="dialog-buttons">
          <a className="button first" href="/login" target="_blank" rel="noopener">
            Another way to log in
          </a>
          <Button onClick={goOn}>I have logged in</Button>
          <Button type="submit" kind="primary" disabled={login.isPending}>
            Log in
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
