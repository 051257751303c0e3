import { Result } from '../../../contracts/entities/result.ts';
import type { Page } from '../../../contracts/api/page.ts';
import { keys } from '../../../contracts/naming.ts';
import { listPage, loadBehind } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord } from './records.ts';
import type { Item, Table } from './table.ts';
import { partitionsOf, sortKeyIn } from './task-lists.ts';
import type { ListOwner } from './task-lists.ts';

export interface ResultStore {
  get(id: string, options?: { consistent?: boolean }): Promise<Result | undefined>;
  list(owner: ListOwner, page: PageRequest, matches: (result: Result) => boolean): Promise<Page<Result>>;
}

export function resultStore(table: Table): ResultStore {
  const parse = (item: Item): Result => parseRecord(Result, item);
  return {
    async get(id, options) {
      const item = await table.get(keys.result(id), options);
      return item && parse(item);
    },
    list: (owner, page, matches) =>
      listPage({
        table,
        partitions: partitionsOf('RESULTS', owner),
        page,
        matches,
        sortKeyOf: sortKeyIn(owner),
        load: loadBehind(table, sortKeyIn(owner), parse),
      }),
  };
}
