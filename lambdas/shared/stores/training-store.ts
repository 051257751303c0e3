import type { TrainingTrigger } from '../../../contracts/entities/run.ts';
import { TrainingProgress, TrainingShard } from '../../../contracts/entities/training.ts';
import { keys } from '../../../contracts/naming.ts';
import { parseRecord, record } from './records.ts';
import { ConditionFailed } from './table.ts';
import type { Table } from './table.ts';

export interface TrainingStore {
  of(taskId: string): Promise<TrainingShard | undefined>;
  /** Undefined until a first outcome was counted. */
  progress(): Promise<TrainingProgress | undefined>;
  /**
   * Registers outcomes, counts them, and puts down which runs they cause: all or nothing.
   * @returns the tasks whose outcomes were counted before (nothing was written then), or 'stale' when somebody counted
   * meanwhile
   */
  count(
    shards: readonly TrainingShard[],
    progress: TrainingProgress,
    triggers: readonly TrainingTrigger[],
  ): Promise<'written' | 'stale' | { counted: string[] }>;
}

const absent = [{ attribute: 'pk', is: 'absent' }] as const;

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
    async count(shards, progress, triggers) {
      const before = progress.revision - 1;
      try {
        await table.transact([
          {
            put: record('training_progress', keys.trainingProgress(), progress),
            when: before === 0 ? absent : [{ attribute: 'revision', is: 'equal', value: before }],
          },
          ...shards.map((shard) => ({
            put: record('training_shard', keys.trainingShard(shard.task_id), shard),
            when: absent,
          })),
          ...triggers.map((trigger) => ({
            put: record('trigger', keys.trigger(trigger.key), trigger),
            when: absent,
          })),
        ]);
        return 'written';
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        const counted = error.failed.flatMap((step) => shards[step - 1]?.task_id ?? []);
        return counted.length > 0 ? { counted } : 'stale';
      }
    },
  };
}
