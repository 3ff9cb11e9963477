import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { CalendarRange, CirclePause, CirclePlay, History, Moon, Play, SlidersHorizontal, Workflow } from "lucide-react";
import type { DagLineReply } from "#contract/dag-line.ts";
import { askForRuns, askToBackfill, askToTrigger } from "../acts/opened.ts";
import { RUN_ACTS } from "../acts/run-acts.ts";
import { startUsual } from "../acts/start-run.ts";
import { queries } from "../api/queries.ts";
import { setPaused } from "../dags/set-paused.ts";
import { useMay } from "../live/me.ts";
import { lookOf } from "../ui/state-look.ts";
import type { PaletteEntry } from "./palette-entry.ts";
import { PLACES } from "./places.ts";
import { chooseTheme, THEMES } from "./theme.ts";

const RUNS = 100;

/** Everything that can be found and done from where one is. Ready: nothing more will come to the top. */
export function usePaletteEntries(typed: string): { entries: readonly PaletteEntry[]; isReady: boolean } {
  const navigate = useNavigate();
  const mayAct = useMay("operator");
  const { dagId, runId } = useParams({ strict: false });
  const { data: dags } = useQuery(queries.dagLines(false));
  const { data: runs } = useQuery(queries.runs({ limit: RUNS }));
  const { data: run } = useQuery({ ...queries.run(runId ?? ""), enabled: runId !== undefined });
  const openRun = (id: string) => navigate({ to: "/runs/$runId", params: { runId: id } });

  const ofRun: PaletteEntry[] =
    run === undefined || !mayAct
      ? []
      : Object.values(RUN_ACTS)
          .filter(act => act.refusal({ runId: run.id, state: run.state }) === undefined)
          .map(act => ({
            id: `act ${act.id}`,
            group: "This page",
            label: act.label,
            hint: run.id,
            icon: act.icon,
            run: () => askForRuns(act, [{ runId: run.id, state: run.state }]),
          }));

  const dag = dags?.dags.find(({ id }) => id === dagId);
  const pages: PaletteEntry[] = PLACES.flat().map(({ to, label, icon, isOutside }) => ({
    id: `page ${to}`,
    group: "Pages",
    label,
    icon,
    run: () => (isOutside ? location.assign(to) : navigate({ to })),
  }));
  const known = (dags?.dags ?? []).map(
    ({ id, description, tags, owner }): PaletteEntry => ({
      id: `dag ${id}`,
      group: "DAGs",
      label: id,
      hint: description,
      icon: Workflow,
      words: [...tags, owner ?? ""].join(" "),
      run: () => navigate({ to: "/dags/$dagId", params: { dagId: id } }),
    }),
  );
  const last = (runs?.runs ?? []).map(
    ({ id, state }): PaletteEntry => ({
      id: `run ${id}`,
      group: "Runs",
      label: id,
      hint: lookOf(state).label,
      icon: History,
      isHidden: true,
      run: () => openRun(id),
    }),
  );
  const pasted: PaletteEntry[] = typed.includes("~")
    ? [
        {
          id: "run pasted",
          group: "Runs",
          label: typed.trim(),
          hint: "open this run",
          icon: History,
          run: () => openRun(typed.trim()),
        },
      ]
    : [];
  const themes = THEMES.map(
    (theme): PaletteEntry => ({
      id: `theme ${theme}`,
      group: "Actions",
      label: `Theme: ${theme}`,
      icon: Moon,
      isHidden: true,
      run: () => chooseTheme(theme),
    }),
  );
  const acts = mayAct ? (dags?.dags ?? []).flatMap(one => dagActs(one, "Actions", openRun)) : [];
  const here = mayAct && dag !== undefined ? dagActs(dag, "This page", openRun) : [];
  return {
    entries: [...ofRun, ...here, ...pages, ...known, ...last, ...pasted, ...acts, ...themes],
    isReady: dags !== undefined && (runId === undefined || run !== undefined),
  };
}

/** What can be done to a DAG; of those that are not shown only what is asked for. */
function dagActs(
  { id, paused, schedule }: DagLineReply,
  group: "This page" | "Actions",
  openRun: (runId: string) => unknown,
): PaletteEntry[] {
  const entry = { group, isHidden: group === "Actions" };
  return [
    { ...entry, id: `${group} trigger ${id}`, label: `Trigger ${id}`, icon: Play, run: () => startUsual(id, openRun) },
    {
      ...entry,
      id: `${group} form ${id}`,
      label: `Trigger ${id} with parameters …`,
      icon: SlidersHorizontal,
      run: () => askToTrigger(id),
    },
    ...(schedule === undefined
      ? []
      : [
          {
            ...entry,
            id: `${group} backfill ${id}`,
            label: `Backfill ${id} …`,
            icon: CalendarRange,
            run: () => askToBackfill(id),
          },
        ]),
    paused
      ? { ...entry, id: `${group} unpause ${id}`, label: `Unpause ${id}`, icon: CirclePlay, run: () => setPaused([id], false) }
      : { ...entry, id: `${group} pause ${id}`, label: `Pause ${id}`, icon: CirclePause, run: () => setPaused([id], true) },
  ];
}
