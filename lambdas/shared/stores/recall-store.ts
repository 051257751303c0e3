import { Recall } from '../../../contracts/entities/training.ts';
import { keys } from '../../../contracts/naming.ts';
import { parseRecord, record } from './records.ts';
import { succeeds } from './table.ts';
import type { Table } from './table.ts';

export interface RecallStore {
  /** Undefined until an item is confirmed. */
  of(question: string, options?: { consistent?: boolean }): Promise<Recall | undefined>;
  /** Writes the next revision; false if another writer did first. */
  write(recall: Recall): Promise<boolean>;
}

export function recallStore(table: Table): RecallStore {
  return {
    async of(question, options) {
      const item = await table.get(keys.recall(question), options);
      return item && parseRecord(Recall, item);
    },
    write: (recall) =>
      succeeds(
        table.write({
          put: record('recall', keys.recall(recall.question), recall),
          when:
            recall.revision === 1
              ? [{ attribute: 'pk', is: 'absent' }]
              : [{ attribute: 'revision', is: 'equal', value: recall.revision - 1 }],
        }),
      ),
  };
}
