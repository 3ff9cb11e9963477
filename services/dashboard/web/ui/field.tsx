import "./field.css";
import type { LucideIcon } from "lucide-react";
import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from "react";

interface FieldProps {
  label: string;
  /** Below the input. */
  hint?: ReactNode;
  /** What is wrong with what is in it. */
  error?: string | undefined;
  children: (ids: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ReactNode;
}

/** A label, an input, and what is to be said about it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": `${id}-about`, "aria-invalid": error !== undefined })}
      <div id={`${id}-about`} className={error === undefined ? "field-hint" : "field-error"}>
        {error ?? hint}
      </div>
    </div>
  );
}

export const Input = ({ className = "", ...rest }: InputHTMLAttributes<HTMLInputElement>) => (
  <input className={`input ${className}`} spellCheck={false} autoComplete="off" {...rest} />
);

export const TextArea = ({ className = "", ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) => (
  <textarea className={`input area mono ${className}`} spellCheck={false} {...rest} />
);

export interface Choice {
  value: string;
  label: string;
}

interface SelectProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, "children"> {
  choices: readonly Choice[];
}

/** The browser's own select: keyboard, screen readers and phones know it. */
export const Select = ({ choices, className = "", ...rest }: SelectProps) => (
  <select className={`input select ${className}`} {...rest}>
    {choices.map(({ value, label }) => (
      <option key={value} value={value}>
        {label}
      </option>
    ))}
  </select>
);

interface CheckProps {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

export const Check = ({ label, checked, onChange, disabled = false }: CheckProps) => (
  <label className="check">
    <input type="checkbox" checked={checked} disabled={disabled} onChange={event => onChange(event.target.checked)} />
    <span>{label}</span>
  </label>
);

interface SearchBoxProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  icon: LucideIcon;
}

/** A filter that acts while it is typed. */
export const SearchBox = ({ label, value, onChange, icon: Icon }: SearchBoxProps) => (
  <span className="search-box">
    <Icon size={14} aria-hidden="true" />
    <Input type="search" aria-label={label} placeholder={label} value={value} onChange={event => onChange(event.target.value)} />
  </span>
);
