import "./acts.css";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Play } from "lucide-react";
import { type FormEvent, useMemo, useState } from "react";
import type { DagDetailReply } from "#contract/dag.ts";
import { asProblem } from "../api/problem-error.ts";
import { queries } from "../api/queries.ts";
import { useMe } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, TextArea } from "../ui/field.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { jsonOf, nameOf, paramFields, readTyped, type Typed } from "./param-fields.ts";
import { ParamInput } from "./param-input.tsx";
import { sayDone } from "./said.ts";
import { startRun } from "./start-run.ts";

interface TriggerDialogProps {
  dagId: string;
  /** What is filled in. */
  conf?: Readonly<Record<string, unknown>> | undefined;
  onClose: () => void;
}

/** Starts a run with parameters: a form made from the DAG's schema, or JSON. */
export function TriggerDialog({ dagId, conf, onClose }: TriggerDialogProps) {
  const dag = useQuery(queries.dag(dagId));
  return (
    <Dialog title={`Start ${dagId}`} description={dag.data?.description} onClose={onClose} wide>
      <QueryView query={dag} what="the DAG">
        {found => <TriggerForm dag={found} conf={conf ?? {}} onClose={onClose} />}
      </QueryView>
    </Dialog>
  );
}

function TriggerForm({
  dag,
  conf,
  onClose,
}: {
  dag: DagDetailReply;
  conf: Readonly<Record<string, unknown>>;
  onClose: () => void;
}) {
  const { params: schema } = dag.spec;
  const fields = useMemo(() => (schema === undefined ? [] : paramFields(schema, conf)), [schema, conf]);
  const [typed, setTyped] = useState<Typed>({});
  const [isJson, setJson] = useState(schema === undefined);
  const [text, setText] = useState(() => JSON.stringify(conf, null, 2));
  const [mistakes, setMistakes] = useState<Readonly<Record<string, string>>>({});
  const [isSending, setSending] = useState(false);
  const navigate = useNavigate();
  const { name: me } = useMe();

  const read = (): Record<string, unknown> | undefined => {
    if (isJson) {
      const reading = jsonOf(text);
      if ("value" in reading && typeof reading.value === "object" && reading.value !== null)
        return reading.value as Record<string, unknown>;
      setMistakes({ "": "mistake" in reading ? reading.mistake : "is no JSON object" });
      return undefined;
    }
    const reading = readTyped(fields, typed);
    if ("conf" in reading) return reading.conf;
    setMistakes(reading.mistakes);
    return undefined;
  };
  const switchForm = (): void => {
    const reading = readTyped(fields, typed);
    if (!isJson && "conf" in reading) setText(JSON.stringify(reading.conf, null, 2));
    setMistakes({});
    setJson(!isJson);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const wanted = read();
    if (wanted === undefined) return;
    setSending(true);
    try {
      const { id } = await startRun(dag.id, wanted);
      onClose();
      sayDone(`Started ${id}`, me);
      await navigate({ to: "/runs/$runId", params: { runId: id } });
    } catch (error) {
      const { errors, detail, next } = asProblem(error);
      const found = (errors ?? []).map(({ pointer, detail: what }) => [pointerName(pointer), what]);
      setMistakes(
        found.length > 0 && !isJson
          ? Object.fromEntries(found)
          : { "": `${detail}. ${errors?.map(one => `${pointerName(one.pointer)} ${one.detail}`).join("; ") ?? next}` },
      );
      setSending(false);
    }
  };

  const own = Object.keys(mistakes).filter(name => name === "" || !fields.some(field => nameOf(field) === name));
  return (
    <form className="stack loose" onSubmit={event => void submit(event)} noValidate>
      {isJson ? (
        <Field
          label="Parameters as JSON"
          hint={schema === undefined ? "This DAG declares no params: anything goes, and templates find it as params." : undefined}
          error={mistakes[""]}
        >
          {ids => <TextArea {...ids} rows={10} value={text} onChange={event => setText(event.target.value)} />}
        </Field>
      ) : (
        <>
          {fields.length === 0 && <p className="quiet">It takes no parameters.</p>}
          {fields.map(field => (
            <ParamInput
              key={nameOf(field)}
              field={field}
              value={typed[nameOf(field)] ?? field.usual}
              mistake={mistakes[nameOf(field)]}
              onChange={value => setTyped({ ...typed, [nameOf(field)]: value })}
            />
          ))}
          {own.map(name => (
            <p key={name} className="field-error" role="alert">
              {name} {mistakes[name]}
            </p>
          ))}
        </>
      )}
      <div className="dialog-buttons">
        {schema !== undefined && (
          <Button kind="quiet" className="first" onClick={switchForm}>
            {isJson ? "As a form" : "As JSON"}
          </Button>
        )}
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" kind="primary" icon={Play} disabled={isSending}>
          Start
        </Button>
      </div>
    </form>
  );
}

/** "#/conf/options/dryRun" → "options.dryRun". */
const pointerName = (pointer: string): string =>
  decodeURIComponent(pointer)
    .replace(/^#\/conf\/?/, "")
    .replaceAll("/", ".");
