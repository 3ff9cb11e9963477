import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, CircleX } from "lucide-react";
import type { OverviewReply } from "#contract/overview.ts";
import { worstOf } from "../now/health.ts";

const LOOKS = {
  good: { icon: CircleCheck, label: "All parts work" },
  warn: { icon: CircleAlert, label: "Needs a look" },
  bad: { icon: CircleX, label: "Something is down" },
} as const;

/** Whether all parts work, in one sign that leads to the page that says more. */
export function HealthDot({ overview }: { overview: OverviewReply | undefined }) {
  if (overview === undefined) return null;
  const { tone, saying } = worstOf(overview.health);
  const { icon: Icon, label } = LOOKS[tone];
  return (
    <Link to="/" className={`health-dot tone-${tone}`} data-tip={saying ?? label} aria-label={`Health: ${saying ?? label}`}>
      <Icon size={16} aria-hidden="true" />
    </Link>
  );
}
