import { TrainingShard } from '../../../contracts/entities/training.ts';
import { keys } from '../../../contracts/naming.ts';
import { parseRecord, record } from './records.ts';
import { happened } from './table.ts';
import type { Table } from './table.ts';

export interface TrainingStore {
  /** Once per task; false when its outcomes are recorded already. */
  add(shard: TrainingShard): Promise<boolean>;
  of(taskId: string): Promise<TrainingShard | undefined>;
}

export function trainingStore(table: Table): TrainingStore {
  return {
    add: (shard) =>
      happened(
        table.write({
          put: record('training_shard', keys.trainingShard(shard.task_id), shard),
          when: [{ attribute: 'pk', is: 'absent' }],
        }),
      ),
    async of(taskId) {
      const item = await table.get(keys.trainingShard(taskId));
      return item && parseRecord(TrainingShard, item);
    },
  };
}
