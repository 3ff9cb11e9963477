import type { RunHeader } from "#core/run.ts";
import type { Logger } from "#runtime/logger.ts";
import type { State } from "#state/state.ts";
import { AssetRuns } from "./asset-runs.ts";
import { Backfiller } from "./backfiller.ts";
import type { DagSource } from "./dag-source/dag-source.ts";
import type { LiveRuns } from "./live-runs.ts";
import { Round } from "./round.ts";
import { Ticker } from "./ticker.ts";
import { TimetableKeeper } from "./timetable-keeper.ts";

export interface RunStartersDeps {
  state: Pick<State, "dags" | "runs" | "acts" | "assets" | "backfills" | "horizons">;
  runs: Pick<LiveRuns, "graphOf">;
  ask: DagSource["ask"];
  /** The leader's. */
  token: string;
  now(): number;
  log: Logger;
}

/** What has changed and may ask for runs. */
export type StarterTopic = "dags" | "assets" | "backfills";

/** All that starts runs by itself: the clock, the DAGs' own timetables, assets and backfills. Idle until it is started. */
export interface RunStarters {
  start(): void;
  /** DAGs were published, removed, paused or unpaused; assets updated; backfills made or changed. */
  look(topic: StarterTopic): void;
  fileLoaded(file: string): void;
  runEnded(run: RunHeader): void;
  stop(): Promise<void>;
}

/** Looks at least so often: a message may have been lost. */
const LOOK_MS = 10_000;

export function openRunStarters({ state, runs, ask, token, now, log }: RunStartersDeps): RunStarters {
  const { dags, horizons } = state;
  const createRun = (header: RunHeader) => state.runs.createRun(header);
  const ticker = new Ticker({
    dags: async () => (await dags.listDags()).filter(row => row.schedule !== undefined),
    specOf: version => dags.getSpec(version),
    horizons: () => horizons.all(),
    lastTicks: () => dags.lastTicks(),
    setLastTick: (dagId, at) => dags.setLastTick(dagId, at),
    createRun,
    now,
    log,
  });
  const keeper = new TimetableKeeper({ dags, horizons, ask, onTicks: () => ticker.wake(), now, log });
  const assetRuns = new AssetRuns({ dags, assets: state.assets, createRun, token, now, log });
  const backfiller = new Backfiller({ ...state, graphOf: version => runs.graphOf(version), token, now, log });
  const rounds = {
    timetables: new Round("timetables", () => keeper.pass(), log),
    assets: new Round("assets", () => assetRuns.pass(), log),
    backfills: new Round("backfills", () => backfiller.pass(), log),
  };
  const wakeAll = () => {
    for (const round of Object.values(rounds)) round.wake();
  };
  let timer: NodeJS.Timeout | undefined;
  const wake = (round: Round) => {
    if (timer !== undefined) round.wake();
  };

  return {
    start() {
      timer = setInterval(wakeAll, LOOK_MS);
      ticker.wake();
      wakeAll();
    },
    look(topic) {
      if (timer === undefined) return;
      if (topic !== "dags") return rounds[topic].wake();
      ticker.wake();
      wakeAll();
    },
    fileLoaded(file) {
      keeper.fileLoaded(file);
      wake(rounds.timetables);
    },
    runEnded(run) {
      if (backfiller.waitsFor(run)) wake(rounds.backfills);
    },
    async stop() {
      clearInterval(timer);
      await Promise.all([ticker.stop(), ...Object.values(rounds).map(round => round.stop())]);
    },
  };
}
