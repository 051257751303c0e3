import type { TrainingTrigger } from '../../../contracts/entities/run.ts';
import { TrainingProgress, TrainingShard } from '../../../contracts/entities/training.ts';
import { keys } from '../../../contracts/naming.ts';
import { writeCount } from './count-once.ts';
import type { CountOutcome } from './count-once.ts';
import { parseRecord, record } from './records.ts';
import type { Table } from './table.ts';

export interface TrainingStore {
  of(taskId: string): Promise<TrainingShard | undefined>;
  /** Undefined until the first outcome is counted. */
  progress(): Promise<TrainingProgress | undefined>;
  /**
   * Registers the outcomes of tasks, counts them, and stores the training triggers that follow, in one transaction.
   */
  count(
    shards: readonly TrainingShard[],
    progress: TrainingProgress,
    triggers: readonly TrainingTrigger[],
  ): Promise<CountOutcome>;
}

export function trainingStore(table: Table): TrainingStore {
  return {
    async of(taskId) {
      const item = await table.get(keys.trainingShard(taskId));
      return item && parseRecord(TrainingShard, item);
    },
    async progress() {
      const item = await table.get(keys.trainingProgress(), { consistent: true });
      return item && parseRecord(TrainingProgress, item);
    },
    count: (shards, progress, triggers) =>
      writeCount(
        table,
        {
          put: record('training_progress', keys.trainingProgress(), progress),
          revision: progress.revision,
        },
        shards.map((shard) => ({
          task_id: shard.task_id,
          put: record('training_shard', keys.trainingShard(shard.task_id), shard),
        })),
        triggers.map((trigger) => ({
          put: record('trigger', keys.trigger(trigger.key), trigger),
          when: [{ attribute: 'pk', is: 'absent' }],
        })),
      ),
  };
}
