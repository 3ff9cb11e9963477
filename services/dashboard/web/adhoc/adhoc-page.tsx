import "./adhoc.css";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Play } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { StartRunReply } from "#contract/run.ts";
import { sayDone } from "../acts/said.ts";
import { ask } from "../api/ask.ts";
import { asProblem } from "../api/problem-error.ts";
import { useMay } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { Field, Input, TextArea } from "../ui/field.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";
import { type AdhocForm, EMPTY_FORM, podBody } from "./pod-body.ts";

/** Runs one pod without a DAG: with logs, retries and limits like any other task. */
export function AdhocPage() {
  const [form, setForm] = useState<AdhocForm>(EMPTY_FORM);
  const navigate = useNavigate();
  const mayStart = useMay("author");
  const reading = podBody(form);
  const start = useMutation({
    mutationFn: (body: object) => ask<StartRunReply>("/api/v1/runs", { body, idempotencyKey: crypto.randomUUID() }),
    onSuccess: ({ id }) => {
      sayDone(`Started ${id}`);
      return navigate({ to: "/runs/$runId", params: { runId: id } });
    },
  });
  const problem = start.error === null ? undefined : asProblem(start.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if ("body" in reading) start.mutate(reading.body);
  };
  const field = (name: keyof AdhocForm) => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
  });
  const errorOf = (name: string) =>
    problem?.errors?.find(({ pointer }) => pointer.startsWith(`#/${name}`))?.detail ??
    ("mistakes" in reading ? reading.mistakes[name] : undefined);
  return (
    <Page title="Run a pod" name="Run a pod" about="Once, without a DAG: it is retried, limited and logged like any other task">
      <form onSubmit={submit} className="stack loose">
        <Panel title="Container">
          <div className="form-columns">
            <Field label="Image" error={errorOf("image")}>
              {ids => <Input {...ids} {...field("image")} required placeholder="python:3.11-slim" className="mono" />}
            </Field>
            <Field label="Command" hint='As in a shell, or as JSON: ["python", "-c"]' error={errorOf("command")}>
              {ids => <Input {...ids} {...field("command")} placeholder="python -c" className="mono" />}
            </Field>
            <Field label="Arguments" hint="The same" error={errorOf("args")}>
              {ids => <Input {...ids} {...field("args")} placeholder={`"print('hello')"`} className="mono" />}
            </Field>
          </div>
          <div className="form-columns adhoc-more">
            <Field
              label="Environment"
              hint="NAME=value, one a line. No secrets: use further fields for them"
              error={errorOf("env")}
            >
              {ids => <TextArea {...ids} {...field("env")} rows={3} />}
            </Field>
            <Field
              label="Further fields"
              hint="JSON: resources, volumes, nodeSelector, podOverride …, as docs/reference/pod-task.md has them"
              error={errorOf("more")}
            >
              {ids => (
                <TextArea {...ids} {...field("more")} rows={3} placeholder='{ "resources": { "limits": { "memory": "1Gi" } } }' />
              )}
            </Field>
          </div>
        </Panel>
        <Panel title="How it is run">
          <div className="form-columns">
            <Field label="Namespace" hint="Empty: the workers' own" error={errorOf("namespace")}>
              {ids => <Input {...ids} {...field("namespace")} />}
            </Field>
            <Field label="Retries" error={errorOf("retries")}>
              {ids => <Input {...ids} {...field("retries")} inputMode="numeric" />}
            </Field>
            <Field label="Time limit" hint="30s, 10m, 2h. Empty: none" error={errorOf("timeout")}>
              {ids => <Input {...ids} {...field("timeout")} />}
            </Field>
            <Field label="Pool" hint="Empty: default" error={errorOf("pool")}>
              {ids => <Input {...ids} {...field("pool")} />}
            </Field>
            <Field label="Queue" hint="Empty: pods" error={errorOf("queue")}>
              {ids => <Input {...ids} {...field("queue")} />}
            </Field>
          </div>
        </Panel>
        {problem !== undefined && (
          <p className="field-error" role="alert">
            {problem.detail}. {problem.next}
          </p>
        )}
        <div className="row">
          <Button type="submit" kind="primary" icon={Play} disabled={!mayStart || start.isPending || !("body" in reading)}>
            Run it
          </Button>
          {!mayStart && <span className="quiet">You may look, but not start pods.</span>}
        </div>
      </form>
    </Page>
  );
}
