import "./acts.css";
import { Check, Field, Select, TextArea } from "../ui/field.tsx";
import type { Question } from "./act.ts";

interface QuestionFieldProps {
  question: Question;
  answer: string | boolean | undefined;
  onAnswer: (answer: string | boolean) => void;
}

export function QuestionField({ question, answer, onAnswer }: QuestionFieldProps) {
  switch (question.kind) {
    case "check":
      return <Check label={question.label} checked={answer === true} onChange={onAnswer} />;
    case "choice":
      return (
        <Field label={question.label}>
          {ids => (
            <Select {...ids} choices={question.choices} value={String(answer)} onChange={event => onAnswer(event.target.value)} />
          )}
        </Field>
      );
    case "text":
      return (
        <Field label={question.label} hint={question.hint}>
          {ids => <TextArea {...ids} value={String(answer)} onChange={event => onAnswer(event.target.value)} />}
        </Field>
      );
  }
}
