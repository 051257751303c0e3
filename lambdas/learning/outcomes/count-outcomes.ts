import { DUKE_MM_ID } from '../../../contracts/entities/common.ts';
import type { TrainingShard } from '../../../contracts/entities/training.ts';
import type { Clock } from '../../shared/clock.ts';
import type { AgentStore } from '../../shared/stores/agent-store.ts';
import { countOnce } from '../../shared/stores/count-once.ts';
import type { CountOutcome } from '../../shared/stores/count-once.ts';
import type { TrainingLockStore } from '../../shared/stores/training-lock-store.ts';
import type { TrainingStore } from '../../shared/stores/training-store.ts';
import { advanced, multiplesIn } from '../triggers/progress.ts';

export interface CountDependencies {
  readonly training: TrainingStore;
  readonly locks: TrainingLockStore;
  readonly agents: AgentStore;
  readonly clock: Clock;
}

/** A few concurrent workers write the one counter, each with a batch of tasks. */
const ATTEMPTS = 30;
/** A transaction has at most 100 steps; one task of 2,500 items causes 25 triggers. */
const MAX_TRIGGERS = 50;

/**
 * Counts the outcomes of a batch of tasks, each task once however often it is delivered: the markers of counted tasks, the
 * count and the training triggers are one write. The counter is one item, written once per batch of ten tasks: 100 judged
 * tasks per second make ten transactions per second on it, where an item takes 500.
 */
export async function countOutcomes(
  deps: CountDependencies,
  shards: readonly TrainingShard[],
): Promise<void> {
  const unique = [...new Map(shards.map((shard) => [shard.task_id, shard])).values()];
  for (const batch of batchesOf(unique)) {
    await countOnce(batch, (uncounted) => countBatch(deps, uncounted), {
      attempts: ATTEMPTS,
      counter: 'the count of outcomes',
    });
  }
}

function batchesOf(shards: readonly TrainingShard[]): TrainingShard[][] {
  const batches: TrainingShard[][] = [];
  let outcomes = 0;
  for (const shard of shards) {
    outcomes += shard.labels;
    const last = batches.at(-1);
    if (last && multiplesIn(0, outcomes).length <= MAX_TRIGGERS) last.push(shard);
    else {
      batches.push([shard]);
      outcomes = shard.labels;
    }
  }
  return batches;
}

async function countBatch(deps: CountDependencies, shards: readonly TrainingShard[]): Promise<CountOutcome> {
  const [before, duke, state] = await Promise.all([
    deps.training.progress(),
    deps.agents.stats(DUKE_MM_ID),
    deps.locks.state(),
  ]);
  const { progress, triggers } = advanced(before, shards, { now: deps.clock(), duke, state });
  return deps.training.count(shards, progress, triggers);
}
