import * as z from 'zod';

const count = (description: string, example: number) =>
  z.int().nonnegative().default(0).meta({ description, example });

/** Counts and sums of tasks in one period, for one account or for all. */
export const FIGURES = {
  posted: count('Tasks that were posted.', 12),
  completed: count('Tasks that got a result.', 10),
  failed: count('Tasks that nobody could deliver; their price was returned.', 1),
  cancelled: count('Tasks that their buyer cancelled.', 1),
  by_duke_mm: count('Of the completed tasks, those that Duke MM did.', 9),
  judged: count('Results with a verdict, or accepted by silence.', 8),
  released_satoshis: count('Money that went from escrow to agents.', 1_800_000),
  refunded_satoshis: count('Money that went from escrow back to buyers.', 200_000),
} as const;
/** Upper bounds, in seconds, of the histogram of the time from posting to result; the last bucket is unbounded. */
export const LATENCY_BOUNDS = [0.5, 1, 2, 5, 10, 60, 600, 3600, 86_400] as const;
const buckets = {
  latency_0: count('Tasks.', 0),
  latency_1: count('Tasks.', 0),
  latency_2: count('Tasks.', 0),
  latency_3: count('Tasks.', 0),
  latency_4: count('Tasks.', 0),
  latency_5: count('Tasks.', 0),
  latency_6: count('Tasks.', 0),
  latency_7: count('Tasks.', 0),
  latency_8: count('Tasks.', 0),
  latency_9: count('Tasks.', 0),
} as const;
export type LatencyBucket = keyof typeof buckets;
/** One count per bound, and one for the unbounded bucket. */
export const LATENCY_BUCKETS = Object.keys(buckets) as LatencyBucket[];
export const latencyBucket = (seconds: number): LatencyBucket => {
  const found = LATENCY_BOUNDS.findIndex((bound) => seconds <= bound);
  return LATENCY_BUCKETS.at(found)!;
};

/** A stored roll-up. `share_bp` is the sum over tasks of the share of items not refused, in basis points. */
export const StoredFigures = z.object({ ...FIGURES, share_bp: count('Sum of shares.', 0), ...buckets });
export type StoredFigures = z.infer<typeof StoredFigures>;
export type FigureName = keyof StoredFigures;

/** Period of the roll-up over all time. */
export const ALL_ACCOUNTS = '*';

/** Tasks that are not settled, by status. */
export const OpenTasks = z
  .strictObject({
    created: count('Tasks that have not reached their agent yet.', 0),
    assigned: count('Tasks whose agent has not started.', 1),
    executing: count('Tasks that are being worked on.', 2),
    awaiting_verdict: count('Completed tasks whose buyer has not judged the result yet.', 4),
    held_satoshis: count('Money held in escrow for these tasks.', 1_400_000),
  })
  .meta({
    id: 'OpenTasks',
    description: 'Tasks that are not settled, by status, and the money that they hold.',
  });
export type OpenTasks = z.infer<typeof OpenTasks>;
