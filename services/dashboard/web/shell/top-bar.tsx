import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Monitor, Moon, Search, Sun } from "lucide-react";
import { lazy, Suspense, useContext } from "react";
import { queries } from "../api/queries.ts";
import { useObservable } from "../live/observable.ts";
import { DagZone, MY_ZONE, ZONES, type Zone, zone } from "../live/zone.ts";
import { Button } from "../ui/button.tsx";
import { HealthDot } from "./health-dot.tsx";
import { chooseTheme, THEMES, theme } from "./theme.ts";

const UserMenu = lazy(async () => ({ default: (await import("./user-menu.tsx")).UserMenu }));

const THEME_LOOKS = {
  system: { icon: Monitor, label: "as the system has it" },
  light: { icon: Sun, label: "light" },
  dark: { icon: Moon, label: "dark" },
} as const;

export function TopBar({ onSearch }: { onSearch: () => void }) {
  const { data: overview } = useQuery(queries.overview());
  return (
    <header className="top-bar">
      <Link to="/" className="brand">
        <img src="/mark.svg" alt="" width={24} height={24} />
        Windlass
      </Link>
      {overview?.environment !== undefined && <EnvironmentBadge name={overview.environment} />}
      <button type="button" className="search-button" onClick={onSearch}>
        <Search size={14} aria-hidden="true" />
        <span>Search DAGs, runs, actions</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className="top-bar-end">
        <HealthDot overview={overview} />
        <ZoneSwitch />
        <ThemeSwitch />
        <Suspense fallback={null}>
          <UserMenu />
        </Suspense>
      </div>
    </header>
  );
}

/** Production is red, so that nobody takes it for something else. */
function EnvironmentBadge({ name }: { name: string }) {
  const isProduction = /^prod/i.test(name);
  return <span className={`environment${isProduction ? " production" : ""}`}>{name}</span>;
}

const ZONE_TIPS: Readonly<Record<Zone, string>> = {
  utc: "Times in UTC",
  dag: "Times in the zone of the DAG that is shown; UTC where none is",
  mine: `Times in this browser's zone, ${MY_ZONE}`,
};
const ZONE_LABELS: Readonly<Record<Zone, string>> = { utc: "UTC", dag: "DAG’s", mine: "Mine" };

function ZoneSwitch() {
  const chosen = useObservable(zone);
  const dagZone = useContext(DagZone);
  return (
    <fieldset className="switch" aria-label="Time zone">
      {ZONES.map(one => (
        <button
          key={one}
          type="button"
          aria-pressed={one === chosen}
          data-tip={one === "dag" && dagZone !== undefined ? `Times in the DAG's zone, ${dagZone}` : ZONE_TIPS[one]}
          onClick={() => zone.set(one)}
        >
          {ZONE_LABELS[one]}
        </button>
      ))}
    </fieldset>
  );
}

function ThemeSwitch() {
  const chosen = useObservable(theme);
  const next = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length]!;
  const { icon, label } = THEME_LOOKS[chosen];
  return (
    <Button
      kind="quiet"
      icon={icon}
      tip={`Theme: ${label}. Next: ${THEME_LOOKS[next].label}`}
      onClick={() => chooseTheme(next)}
    />
  );
}
