import "./health-strip.css";
import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, CircleX } from "lucide-react";
import type { OverviewHealthReply } from "#contract/overview.ts";
import { useNow } from "../live/clock.ts";
import { formatDuration } from "../ui/format-duration.ts";
import { healthSigns } from "./health.ts";

const ICONS = { good: CircleCheck, warn: CircleAlert, bad: CircleX } as const;
const LEADS_TO = { Workers: "/workers" } as const;

/** How each part does, and in a sentence what is wrong. */
export function HealthStrip({ health }: { health: OverviewHealthReply }) {
  const now = useNow();
  const signs = healthSigns(health, now);
  const { oldestAt } = health.waiting;
  return (
    <section className="health" aria-label="Health">
      <ul className="health-signs">
        {signs.map(({ part, tone, value }) => {
          const Icon = ICONS[tone];
          const inside = (
            <>
              <Icon size={15} className={`tone-${tone} health-icon`} aria-label={tone === "good" ? "works" : "has a problem"} />
              <span className="health-part">{part}</span>
              <span className="number">{value}</span>
              {part === "Waiting" && oldestAt !== undefined && (
                <span className="quiet number">oldest {formatDuration(now - Date.parse(oldestAt))}</span>
              )}
            </>
          );
          return <li key={part}>{part in LEADS_TO ? <Link to={LEADS_TO[part as "Workers"]}>{inside}</Link> : inside}</li>;
        })}
      </ul>
      {signs
        .filter(({ saying }) => saying !== undefined)
        .map(({ part, saying, tone }) => (
          <p key={part} className={`health-saying tone-${tone}`} role={tone === "bad" ? "alert" : "status"}>
            {saying}
          </p>
        ))}
    </section>
  );
}
