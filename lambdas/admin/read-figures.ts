import type {
  AccountSummary,
  FigurePoint,
  QueueDepth,
  SystemMetrics,
  Window,
} from '../../contracts/api/admin.ts';
import { WINDOWS } from '../../contracts/api/admin.ts';
import {
  ALL_ACCOUNTS,
  FIGURES,
  LATENCY_BOUNDS,
  LATENCY_BUCKETS,
  StoredFigures,
} from '../../contracts/entities/figures.ts';
import type { OpenTasks } from '../../contracts/entities/figures.ts';
import type { Clock } from '../shared/clock.ts';
import { DAY, HOUR } from '../shared/clock.ts';
import type { FigureStore } from '../shared/stores/figure-store.ts';
import type { RunStore } from '../shared/stores/run-store.ts';

export interface FiguresDependencies {
  readonly figures: FigureStore;
  readonly runs: Pick<RunStore, 'list'>;
  readonly clock: Clock;
  readonly openTasks: () => Promise<OpenTasks>;
  readonly queueDepths: () => Promise<QueueDepth[]>;
}

/** Training runs are rare: one page holds those of a month. */
const MAX_RUNS = 100;

type Names = keyof typeof FIGURES;
const names = Object.keys(FIGURES) as Names[];

/** The figures that clients see, including derived ones. */
export function viewOf(stored: StoredFigures): Omit<FigurePoint, 'from'> {
  const { judged, share_bp, completed, by_duke_mm } = stored;
  const figures = Object.fromEntries(names.map((name) => [name, stored[name]])) as Record<Names, number>;
  return {
    ...figures,
    success_rate: judged === 0 ? null : Math.min(1, share_bp / (10_000 * judged)),
    takeover: completed === 0 ? null : by_duke_mm / completed,
  };
}

const sumOf = (all: readonly StoredFigures[]): StoredFigures => {
  const sum = StoredFigures.parse({}) as Record<string, number>;
  for (const figures of all)
    for (const [name, value] of Object.entries(figures)) sum[name] = (sum[name] ?? 0) + value;
  return StoredFigures.parse(sum);
};

/** Upper bound of the histogram bucket at this quantile; null without tasks, or in the unbounded bucket. */
function percentile(figures: StoredFigures, share: number): number | null {
  const counts = LATENCY_BUCKETS.map((name) => figures[name]);
  const targetRank = share * counts.reduce((sum, n) => sum + n, 0);
  if (targetRank === 0) return null;
  let sum = 0;
  const at = counts.findIndex((n) => (sum += n) >= targetRank);
  return LATENCY_BOUNDS[at] ?? null;
}

export async function systemMetrics(deps: FiguresDependencies, window: Window): Promise<SystemMetrics> {
  const now = deps.clock();
  const hours = WINDOWS[window];
  const from = new Date(now.getTime() - hours * HOUR).toISOString();
  const [found, runs, open, queues] = await Promise.all([
    deps.figures.between(ALL_ACCOUNTS, from.slice(0, 13), now.toISOString().slice(0, 13)),
    deps.runs.list({ limit: MAX_RUNS }),
    deps.openTasks(),
    deps.queueDepths(),
  ]);
  const sum = sumOf(found.map(({ figures }) => figures));
  const ended = runs.items.filter((run) => 'finished_at' in run && run.finished_at >= from);
  const runsThat = (status: string): number => ended.filter((run) => run.status === status).length;
  return {
    window,
    ...viewOf(sum),
    tasks_per_hour: sum.posted / hours,
    latency: {
      p50_seconds: percentile(sum, 0.5),
      p90_seconds: percentile(sum, 0.9),
      p99_seconds: percentile(sum, 0.99),
    },
    pipeline: { promoted: runsThat('promoted'), archived: runsThat('archived'), failed: runsThat('failed') },
    open,
    queues,
    hours: found.map(({ period, figures }) => ({ from: `${period}:00:00Z`, ...viewOf(figures) })),
  };
}

export async function accountSummary(
  { figures, clock }: Pick<FiguresDependencies, 'figures' | 'clock'>,
  userId: string,
  days: number,
): Promise<AccountSummary> {
  const now = clock();
  const from = new Date(now.getTime() - (days - 1) * DAY).toISOString().slice(0, 10);
  const found = await figures.between(userId, from, now.toISOString().slice(0, 10));
  return {
    ...viewOf(sumOf(found.map((day) => day.figures))),
    days: found.map((day) => ({ from: `${day.period}T00:00:00Z`, ...viewOf(day.figures) })),
  };
}
