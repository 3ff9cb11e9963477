import "./state-badge.css";
import { lookOf } from "./state-look.ts";

/** A state as icon and word. `suffix`: what belongs to it, such as a number of tries. */
export function StateBadge({ state, suffix }: { state: string; suffix?: string | undefined }) {
  const { icon: Icon, label, tone, meaning } = lookOf(state);
  return (
    <span className={`state-badge tone-${tone}`} data-state={state} data-tip={meaning}>
      <Icon size={12} strokeWidth={2.6} aria-hidden="true" />
      {label}
      {suffix !== undefined && <span className="state-suffix">{suffix}</span>}
    </span>
  );
}

/** A state as icon alone, where there is no room; the word is its tip and is read aloud. */
export function StateIcon({ state, size = 14, tip }: { state: string; size?: number; tip?: string | undefined }) {
  const { icon: Icon, label, tone } = lookOf(state);
  return (
    <span className={`state-icon tone-${tone}`} data-state={state} data-tip={tip ?? label} role="img" aria-label={label}>
      <Icon size={size} strokeWidth={2.4} aria-hidden="true" />
    </span>
  );
}
