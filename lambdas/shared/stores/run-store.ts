import type { Page } from '../../../contracts/api/page.ts';
import { ActiveRunStatus, TrainingRun } from '../../../contracts/entities/run.ts';
import type { RunStatus } from '../../../contracts/entities/run.ts';
import { indexKeys, keys } from '../../../contracts/naming.ts';
import { listPage, loadBehind } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord, record } from './records.ts';
import { succeeds } from './table.ts';
import type { Condition, Item, Table } from './table.ts';

export interface RunStore {
  get(id: string): Promise<TrainingRun | undefined>;
  list(page: PageRequest): Promise<Page<TrainingRun>>;
  /** Updates a run that has not ended; false if it has. */
  update(id: string, change: RunChange): Promise<boolean>;
}

/** Attributes of any status. A combination that does not fit the status fails to parse at the next read. */
export type RunChange = { readonly status: RunStatus; readonly updated_at: string } & Item;

export const stillActive: Condition = {
  attribute: 'status',
  is: 'one_of',
  values: ActiveRunStatus.options,
};

export const runRecord = (run: TrainingRun) =>
  record('run', keys.run(run.id), run, { all: indexKeys.run(run.created_at, run.id) });

const sortKeyOf = (entry: Item): string => String(entry['gsi3sk']);

export function runStore(table: Table): RunStore {
  const parse = (item: Item): TrainingRun => parseRecord(TrainingRun, item);
  return {
    async get(id) {
      const item = await table.get(keys.run(id), { consistent: true });
      return item && parse(item);
    },
    list: (page) =>
      listPage({
        table,
        partitions: [{ index: 'all', pk: indexKeys.run('', '').pk }],
        page,
        sortKeyOf,
        load: loadBehind(table, sortKeyOf, parse),
      }),
    update: (id, change) => succeeds(table.write({ update: keys.run(id), set: change, when: [stillActive] })),
  };
}
