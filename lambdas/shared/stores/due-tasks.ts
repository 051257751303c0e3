import { Task } from '../../../contracts/entities/task.ts';
import { INDEXES, parseTaskKey } from '../../../contracts/naming.ts';
import { parseRecord } from './records.ts';
import type { Item, Table } from './table.ts';

/** An entry of the index of due tasks, with its task, or with the error if the record does not parse. */
export type DueTask = { readonly id: string; readonly sortKey: string } & (
  { readonly task: Task } | { readonly unreadable: Error }
);

interface DueQuery {
  readonly pk: string;
  readonly now: string;
  readonly limit: number;
  readonly after: DueTask | undefined;
}

/** Due tasks of one index partition, oldest first, as the table holds them now. */
export async function dueTasks(table: Table, { pk, now, limit, after }: DueQuery): Promise<DueTask[]> {
  const entries = await table.query({
    index: 'due',
    pk,
    // '~' sorts above all characters of an id, so the range includes everything due up to and including this time.
    upTo: `${now}~`,
    ...(after && { after: after.sortKey }),
    limit,
  });
  // The index lags behind the table, and decisions need the current state.
  const found = await table.getMany(
    entries.map((entry) => ({ pk: String(entry['pk']), sk: String(entry['sk']) })),
    { consistent: true },
  );
  const byKey = new Map(found.map((item) => [String(item['pk']), item]));
  return entries.flatMap((entry) => {
    const key = String(entry['pk']);
    const item = byKey.get(key);
    const id = parseTaskKey(key);
    if (!item || id === undefined) return [];
    return [{ id, sortKey: String(entry[`${INDEXES.due}sk`]), ...parsedOrNot(item) }];
  });
}

function parsedOrNot(item: Item): { task: Task } | { unreadable: Error } {
  try {
    return { task: parseRecord(Task, item) };
  } catch (error) {
    return { unreadable: error instanceof Error ? error : new Error(String(error)) };
  }
}
