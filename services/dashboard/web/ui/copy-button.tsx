import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button.tsx";

const SAYS_SO_MS = 1_500;

/** Copies a text. `what` names it: "Copy the run's id". */
export function CopyButton({ text, what }: { text: string | (() => string); what: string }) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), SAYS_SO_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(typeof text === "string" ? text : text());
    setDone(true);
  };
  return (
    <Button
      kind="quiet"
      small
      icon={isDone ? Check : Copy}
      tip={isDone ? "Copied" : `Copy ${what}`}
      onClick={() => void copy()}
    />
  );
}
