import { FULL_INDEXES, INDEXES } from '../../../contracts/naming.ts';
import type { Key } from '../../../contracts/naming.ts';
import { ConditionFailed } from '../../../lambdas/shared/stores/table.ts';
import type { Condition, Item, Query, Table, TransactionStep } from '../../../lambdas/shared/stores/table.ts';

const nameOf = (key: Key): string => `${key.pk} ${key.sk}`;

function holds(condition: Condition, item: Item | undefined): boolean {
  const value = item?.[condition.attribute];
  switch (condition.is) {
    case 'present':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'equal':
      return value === condition.value;
    case 'at_least':
      return value !== undefined && (value as number) >= (condition.value as number);
    case 'at_most':
      return value !== undefined && (value as number) <= (condition.value as number);
    case 'absent_or_at_most':
      return value === undefined || (value as number) <= (condition.value as number);
    case 'one_of':
      return condition.values.includes(value as string | number);
  }
}

const keyOf = (step: TransactionStep): Key =>
  'put' in step ? step.put : 'update' in step ? step.update : 'delete' in step ? step.delete : step.check;

/** The item after a step; undefined if there is none. */
function applied(step: TransactionStep, before: Item | undefined): Item | undefined {
  if ('put' in step) return structuredClone(step.put);
  if ('delete' in step) return undefined;
  if (!('update' in step)) return before;
  const item: Record<string, unknown> = { ...(before ?? { pk: step.update.pk, sk: step.update.sk }) };
  for (const [attribute, value] of Object.entries(step.setOnce ?? {})) item[attribute] ??= value;
  for (const [attribute, value] of Object.entries(step.set ?? {})) {
    if (value !== undefined) item[attribute] = structuredClone(value);
  }
  for (const [attribute, by] of Object.entries(step.add ?? {})) {
    item[attribute] = ((item[attribute] as number | undefined) ?? 0) + by;
  }
  for (const attribute of step.remove ?? []) delete item[attribute];
  return item;
}

/** A copy of the table that lags behind by a number of writes: an index, or the replica of an eventually consistent read. */
class Replica {
  lag: number;
  readonly #items = new Map<string, Item>();
  readonly #waiting: (() => void)[] = [];

  constructor(lag: number) {
    this.lag = lag;
  }

  /** One write, of all items of a transaction. */
  write(changes: readonly (readonly [string, Item | undefined])[]): void {
    this.#waiting.push(() => {
      for (const [name, item] of changes) put(this.#items, name, item);
    });
  }

  get items(): ReadonlyMap<string, Item> {
    while (this.#waiting.length > this.lag) this.#waiting.shift()?.();
    return this.#items;
  }
}

function put(items: Map<string, Item>, name: string, item: Item | undefined): void {
  if (item === undefined) items.delete(name);
  else items.set(name, item);
}

/** How many writes a read that is not consistent may miss. */
export interface Lag {
  /** Of queries of a secondary index. */
  index: number;
  /** Of the table itself. */
  table: number;
}

/**
 * The table in memory, with DynamoDB's meaning of conditions, transactions and projections.
 * `items` is the consistent content, for assertions. A test that changes it directly must do so without a lag.
 */
export interface MemoryTable extends Table {
  readonly items: Map<string, Item>;
  /** From now on, reads that are not consistent miss the last writes; none by default. */
  lagBehind(lag: Partial<Lag>): void;
}

export function memoryTable(): MemoryTable {
  const items = new Map<string, Item>();
  let lagging: { index: Replica; table: Replica } | undefined;

  const transact = async (steps: readonly TransactionStep[]): Promise<void> => {
    if (steps.length > 100) throw new RangeError('DynamoDB takes at most 100 steps');
    if (new Set(steps.map((step) => nameOf(keyOf(step)))).size !== steps.length) {
      throw new RangeError('DynamoDB takes one step per item');
    }
    const failed = steps.flatMap((step, i) =>
      (step.when ?? []).every((condition) => holds(condition, items.get(nameOf(keyOf(step))))) ? [] : [i],
    );
    if (failed.length > 0) throw new ConditionFailed(failed);
    const changes = steps.map((step) => {
      const name = nameOf(keyOf(step));
      return [name, applied(step, items.get(name))] as const;
    });
    for (const [name, item] of changes) put(items, name, item);
    lagging?.index.write(changes);
    lagging?.table.write(changes);
  };

  const stored = (consistent: boolean | undefined, kind: 'index' | 'table'): ReadonlyMap<string, Item> =>
    consistent === true || !lagging ? items : lagging[kind].items;

  return {
    items,
    lagBehind({ index = 0, table = 0 }) {
      lagging = { index: new Replica(index), table: new Replica(table) };
      for (const replica of [lagging.index, lagging.table]) {
        const { lag } = replica;
        replica.lag = 0;
        replica.write([...items]);
        void replica.items;
        replica.lag = lag;
      }
    },
    get: async (key, options) => structuredClone(stored(options?.consistent, 'table').get(nameOf(key))),
    getMany: async (keys, options) => {
      const read = stored(options?.consistent, 'table');
      return structuredClone(keys.map((key) => read.get(nameOf(key))).filter((item) => item !== undefined));
    },
    async query(q) {
      if (q.index && q.consistent) throw new RangeError('DynamoDB reads no index consistently');
      return queried(stored(q.consistent, q.index ? 'index' : 'table'), q);
    },
    write: async (step) => transact([step]),
    writeRepeatable: async (step) => transact([step]),
    transact,
  };
}

function queried(items: ReadonlyMap<string, Item>, q: Query): Item[] {
  const [pk, sk] = q.index ? [`${INDEXES[q.index]}pk`, `${INDEXES[q.index]}sk`] : ['pk', 'sk'];
  if (q.after !== undefined && q.upTo !== undefined && q.after >= q.upTo) {
    throw new Error('ValidationException: the lower bound of BETWEEN is above its upper bound');
  }
  const found = [...items.values()]
    .filter((item) => item[pk] === q.pk && item[sk] !== undefined)
    .filter((item) => q.prefix === undefined || String(item[sk]).startsWith(q.prefix))
    .filter((item) => q.before === undefined || String(item[sk]) < q.before)
    .filter((item) => q.upTo === undefined || String(item[sk]) <= q.upTo)
    .filter((item) => q.after === undefined || String(item[sk]) > q.after)
    .sort((a, b) => (String(a[sk]) < String(b[sk]) ? -1 : 1));
  const page = (q.newestFirst ? found.reverse() : found).slice(0, q.limit);
  if (q.index === undefined || FULL_INDEXES.has(q.index)) return structuredClone(page);
  return page.map((item) => ({ pk: item['pk'], sk: item['sk'], [pk]: item[pk], [sk]: item[sk] }));
}
