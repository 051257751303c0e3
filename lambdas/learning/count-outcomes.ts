import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import type { TrainingShard } from '../../contracts/entities/training.ts';
import type { Clock } from '../shared/clock.ts';
import type { AgentStore } from '../shared/stores/agent-store.ts';
import type { TrainingLockStore } from '../shared/stores/training-lock-store.ts';
import type { TrainingStore } from '../shared/stores/training-store.ts';
import { advanced, multiplesIn } from './progress.ts';

export interface CountDependencies {
  readonly training: TrainingStore;
  readonly locks: TrainingLockStore;
  readonly agents: AgentStore;
  readonly clock: Clock;
}

/** Racing writers of the one counter: a few workers, each with a batch of tasks. */
const TRIES = 30;
/** A transaction has 100 steps; a task of 2,500 items alone causes 25 triggers. */
const MOST_TRIGGERS = 50;

/**
 * Counts the outcomes of a batch of tasks, each task once however often it is delivered: what marks a task as counted, the
 * count, and the causes of runs are one write. The counter is one item, written once a batch of ten tasks and not once a
 * task: at 100 judged tasks a second ten transactions, where an item takes 500.
 */
export async function countOutcomes(
  deps: CountDependencies,
  shards: readonly TrainingShard[],
): Promise<void> {
  const unique = [...new Map(shards.map((shard) => [shard.task_id, shard])).values()];
  for (const batch of batchesOf(unique)) await countBatch(deps, batch);
}

function batchesOf(shards: readonly TrainingShard[]): TrainingShard[][] {
  const batches: TrainingShard[][] = [];
  let outcomes = 0;
  for (const shard of shards) {
    outcomes += shard.labels;
    const last = batches.at(-1);
    if (last && multiplesIn(0, outcomes).length <= MOST_TRIGGERS) last.push(shard);
    else {
      batches.push([shard]);
      outcomes = shard.labels;
    }
  }
  return batches;
}

async function countBatch(deps: CountDependencies, batch: readonly TrainingShard[]): Promise<void> {
  let left = [...batch];
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > TRIES)
      throw new Error(`the count of outcomes was written by others ${TRIES} times in a row`);
    const [before, duke, state] = await Promise.all([
      deps.training.progress(),
      deps.agents.stats(DUKE_MM_ID),
      deps.locks.state(),
    ]);
    const { progress, triggers } = advanced(before, left, { now: deps.clock(), duke, state });
    const outcome = await deps.training.count(left, progress, triggers);
    if (outcome === 'written') return;
    if (outcome === 'stale') continue;
    const counted = new Set(outcome.counted);
    left = left.filter((shard) => !counted.has(shard.task_id));
  }
}
