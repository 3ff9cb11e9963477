import type { LucideIcon } from "lucide-react";

/** What is asked before an act is done. Its answer is a word, or for a check true or false. */
export type Question =
  | { kind: "check"; name: string; label: string; usual: boolean }
  | { kind: "choice"; name: string; label: string; choices: readonly { value: string; label: string }[]; usual: string }
  | { kind: "text"; name: string; label: string; hint?: string };

export type Answers = Readonly<Record<string, string | boolean>>;

/** What a dry run says: how many tasks, and which. */
export interface Preview {
  count: number;
  tasks: readonly string[];
}

/** Something that people can do to runs or tasks: one row of a table that dialogs, menus and the palette are made from. */
export interface Act<Subject> {
  id: string;
  label: string;
  icon: LucideIcon;
  /** It ends or overrides something: the button is red. */
  isGrave?: true;
  /** Why it makes no sense for the subject; undefined: it does. */
  refusal: (subject: Subject) => string | undefined;
  /** What will happen, in a sentence. */
  about: string;
  questions?: readonly Question[];
  /** Only says what it would do. */
  preview?: (subject: Subject, answers: Answers, signal: AbortSignal) => Promise<Preview>;
  /** Does it; returns what was done, in a few words. */
  carryOut: (subject: Subject, answers: Answers) => Promise<string>;
}

/** What is answered if nobody says otherwise. */
export const usualAnswers = (questions: readonly Question[] = []): Answers =>
  Object.fromEntries(questions.map(question => [question.name, question.kind === "text" ? "" : question.usual]));
