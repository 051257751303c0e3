import type { Key } from '../../../contracts/naming.ts';
import { INDEXES } from '../../../contracts/naming.ts';
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

/** The table in memory, with the same meaning of conditions and transactions; `items` is there to look into. */
export interface MemoryTable extends Table {
  readonly items: Map<string, Item>;
}

export function memoryTable(): MemoryTable {
  const items = new Map<string, Item>();

  const apply = (step: TransactionStep): void => {
    const name = nameOf(keyOf(step));
    if ('put' in step) items.set(name, structuredClone(step.put));
    else if ('delete' in step) items.delete(name);
    else if ('update' in step) {
      const item: Record<string, unknown> = {
        ...(items.get(name) ?? { pk: step.update.pk, sk: step.update.sk }),
      };
      for (const [attribute, value] of Object.entries(step.setOnce ?? {})) item[attribute] ??= value;
      for (const [attribute, value] of Object.entries(step.set ?? {})) {
        if (value !== undefined) item[attribute] = structuredClone(value);
      }
      for (const [attribute, by] of Object.entries(step.add ?? {})) {
        item[attribute] = ((item[attribute] as number | undefined) ?? 0) + by;
      }
      for (const attribute of step.remove ?? []) delete item[attribute];
      items.set(name, item);
    }
  };

  const transact = async (steps: readonly TransactionStep[]): Promise<void> => {
    if (steps.length > 100) throw new RangeError('DynamoDB takes at most 100 steps');
    if (new Set(steps.map((step) => nameOf(keyOf(step)))).size !== steps.length) {
      throw new RangeError('DynamoDB takes one step per item');
    }
    const failed = steps.flatMap((step, i) =>
      (step.when ?? []).every((condition) => holds(condition, items.get(nameOf(keyOf(step))))) ? [] : [i],
    );
    if (failed.length > 0) throw new ConditionFailed(failed);
    steps.forEach(apply);
  };

  const query = async (q: Query): Promise<Item[]> => {
    const [pk, sk] = q.index ? [`${INDEXES[q.index]}pk`, `${INDEXES[q.index]}sk`] : ['pk', 'sk'];
    const found = [...items.values()]
      .filter((item) => item[pk] === q.pk)
      .filter((item) => q.prefix === undefined || String(item[sk]).startsWith(q.prefix))
      .filter((item) => q.before === undefined || String(item[sk]) < q.before)
      .filter((item) => q.upTo === undefined || String(item[sk]) <= q.upTo)
      .filter((item) => q.after === undefined || String(item[sk]) > q.after)
      .sort((a, b) => (String(a[sk]) < String(b[sk]) ? -1 : 1));
    return structuredClone((q.newestFirst ? found.reverse() : found).slice(0, q.limit));
  };

  return {
    items,
    get: async (key) => structuredClone(items.get(nameOf(key))),
    getMany: async (keys) =>
      structuredClone(keys.map((key) => items.get(nameOf(key))).filter((item) => item !== undefined)),
    query,
    write: async (step) => transact([step]),
    transact,
  };
}
