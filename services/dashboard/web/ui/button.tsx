import "./button.css";
import type { LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes, Ref } from "react";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** "primary": what the page is for; one at most. "danger": takes something away. "quiet": beside many of its kind. Default "plain". */
  kind?: "primary" | "plain" | "quiet" | "danger";
  icon?: LucideIcon;
  /** What it does, where the label does not say it; with an icon alone also its name. */
  tip?: string | undefined;
  small?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind = "plain", icon: Icon, tip, small = false, children, className = "", ...rest }: ButtonProps) {
  const isIconOnly = children === undefined;
  return (
    <button
      type="button"
      className={`button ${kind}${small ? " small" : ""}${isIconOnly ? " icon-only" : ""} ${className}`}
      data-tip={tip}
      aria-label={isIconOnly ? tip : undefined}
      {...rest}
    >
      {Icon !== undefined && <Icon size={small ? 13 : 15} strokeWidth={2} aria-hidden="true" />}
      {children}
    </button>
  );
}
