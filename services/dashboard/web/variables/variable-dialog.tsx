import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { VariableReply } from "#contract/variable.ts";
import { jsonOf } from "../acts/param-fields.ts";
import { sayDone } from "../acts/said.ts";
import { ask, path } from "../api/ask.ts";
import { asProblem } from "../api/problem-error.ts";
import { queryClient } from "../api/query-client.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input, TextArea } from "../ui/field.tsx";

interface VariableDialogProps {
  /** The variable to change; without a name a new one. */
  variable: Partial<VariableReply>;
  onClose: () => void;
}

/** What is typed is JSON where it reads as JSON, else a text. */
export function VariableDialog({ variable, onClose }: VariableDialogProps) {
  const isNew = variable.name === undefined;
  const [name, setName] = useState(variable.name ?? "");
  const [text, setText] = useState(isNew ? "" : JSON.stringify(variable.value, null, 2));
  const read = jsonOf(text);
  const save = useMutation({
    mutationFn: () =>
      ask(path`/api/v1/variables/${name}`, { method: "PUT", body: { value: "value" in read ? read.value : text } }),
    onSuccess: () => {
      void queryClient.invalidateQueries();
      onClose();
      sayDone(`Variable ${name} saved`);
    },
  });
  const problem = save.error === null ? undefined : asProblem(save.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog title={isNew ? "New variable" : `Variable ${name}`} onClose={onClose} wide>
      <form className="stack loose" onSubmit={submit}>
        {isNew && (
          <Field label="Name">
            {ids => <Input {...ids} required value={name} onChange={event => setName(event.target.value)} />}
          </Field>
        )}
        <Field
          label="Value"
          hint={
            "value" in read
              ? `Read as JSON: ${kindOf(read.value)}`
              : 'Read as a text; write it as JSON ("…", 12, [ … ], { … }) for anything else'
          }
          error={problem?.errors?.[0]?.detail}
        >
          {ids => <TextArea {...ids} rows={8} value={text} onChange={event => setText(event.target.value)} />}
        </Field>
        {problem !== undefined && (
          <p className="field-error" role="alert">
            {problem.detail}. {problem.next}
          </p>
        )}
        <div className="dialog-buttons">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" disabled={save.isPending || text === ""}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
