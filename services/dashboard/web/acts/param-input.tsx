import { Check, Field, Input, Select, TextArea } from "../ui/field.tsx";
import type { ParamField } from "./param-fields.ts";

interface ParamInputProps {
  field: ParamField;
  value: string | boolean;
  mistake: string | undefined;
  onChange: (value: string | boolean) => void;
}

/** One parameter of a DAG. */
export function ParamInput({ field, value, mistake, onChange }: ParamInputProps) {
  const { input, label, hint, isRequired, choices = [], min, max, isWhole } = field;
  if (input === "check") {
    return (
      <div className="stack">
        <Check label={label} checked={value === true} onChange={onChange} />
        {(mistake ?? hint) !== undefined && (
          <span className={mistake === undefined ? "field-hint" : "field-error"}>{mistake ?? hint}</span>
        )}
      </div>
    );
  }
  const text = String(value);
  const set = (event: { target: { value: string } }): void => onChange(event.target.value);
  const range =
    min !== undefined && max !== undefined
      ? `${min} to ${max}`
      : min !== undefined
        ? `from ${min}`
        : max !== undefined
          ? `up to ${max}`
          : undefined;
  const about = [hint, range, input === "lines" ? "one a line" : undefined, input === "json" ? "JSON" : undefined]
    .filter(Boolean)
    .join(" · ");
  return (
    <Field label={isRequired ? `${label} (needed)` : label} hint={about} error={mistake}>
      {ids => {
        switch (input) {
          case "choice":
            return (
              <Select
                {...ids}
                value={text}
                onChange={set}
                choices={[
                  ...(isRequired || text === "" ? [{ value: "", label: "–" }] : []),
                  ...choices.map(choice => ({ value: choice, label: choice })),
                ]}
              />
            );
          case "lines":
          case "json":
            return <TextArea {...ids} rows={input === "json" ? 5 : 3} value={text} onChange={set} />;
          default:
            return (
              <Input
                {...ids}
                inputMode={input === "number" ? (isWhole ? "numeric" : "decimal") : undefined}
                value={text}
                onChange={set}
              />
            );
        }
      }}
    </Field>
  );
}
