import {
  Archive,
  Braces,
  CalendarRange,
  FolderKanban,
  Gauge,
  History,
  KeyRound,
  Layers,
  ListChecks,
  type LucideIcon,
  PackagePlus,
  ScrollText,
  Server,
  Settings,
  Workflow,
} from "lucide-react";

export interface Place {
  to: string;
  label: string;
  icon: LucideIcon;
  /** Served beside the pages: the browser has to load it. */
  isOutside?: true;
}

/** Where one can go from everywhere, in the groups of the navigation. */
export const PLACES: readonly (readonly Place[])[] = [
  [
    { to: "/", label: "Now", icon: Gauge },
    { to: "/dags", label: "DAGs", icon: Workflow },
    { to: "/runs", label: "Runs", icon: History },
    { to: "/tasks", label: "Tasks", icon: ListChecks },
    { to: "/backfills", label: "Backfills", icon: CalendarRange },
    { to: "/assets", label: "Assets", icon: Archive },
    { to: "/adhoc", label: "Run a pod", icon: PackagePlus },
  ],
  [
    { to: "/workers", label: "Workers", icon: Server },
    { to: "/pools", label: "Pools", icon: Layers },
    { to: "/queues", label: "Queues", icon: FolderKanban, isOutside: true },
  ],
  [
    { to: "/variables", label: "Variables", icon: Braces },
    { to: "/audit", label: "Audit", icon: ScrollText },
    { to: "/tokens", label: "Tokens", icon: KeyRound },
    { to: "/settings", label: "Settings", icon: Settings },
  ],
];
