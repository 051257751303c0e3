import { Task } from '../../../contracts/entities/task.ts';
import type { TaskIn, TaskStatus } from '../../../contracts/entities/task.ts';
import type { Result } from '../../../contracts/entities/result.ts';
import { DUKE_MM_ID } from '../../../contracts/entities/common.ts';
import type { UserRole } from '../../../contracts/entities/common.ts';
import type { Page } from '../../../contracts/api/page.ts';
import { allShards, indexKeys, keys, shardOf } from '../../../contracts/naming.ts';
import { listPage, loadBehind } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord, record, unindexed } from './records.ts';
import { happened } from './table.ts';
import type { Condition, Item, Query, Table, TransactionStep } from './table.ts';

/** Whose list: the buyer's own, an agent's, or everybody's. */
export type ListOwner =
  | { readonly role: Extract<UserRole, 'buyer'>; readonly userId: string }
  | { readonly role: Extract<UserRole, 'agent'>; readonly agentId: string }
  | { readonly role: Extract<UserRole, 'admin'> };

export interface TaskStore {
  get(id: string, options?: { consistent?: boolean }): Promise<Task | undefined>;
  list(owner: ListOwner, page: PageRequest, matches: (task: Task) => boolean): Promise<Page<Task>>;
  /** Stores a new task together with the hold of its price. @throws ConditionFailed step 0: the task exists */
  create(task: TaskIn<'created'>, hold: readonly TransactionStep[]): Promise<void>;
  /** created → assigned; false when it is not created any more. */
  assign(task: TaskIn<'assigned'>): Promise<boolean>;
  /** assigned → executing; false when it is not assigned any more. */
  start(id: string, at: string): Promise<boolean>;
  hasChunk(taskId: string, chunk: number): Promise<boolean>;
  /** Counts a chunk as done, once; false when it was before or the task is not executing. */
  chunkDone(taskId: string, chunk: number, at: string): Promise<boolean>;
  /** executing → completed with its one result; false when it is not executing any more. */
  complete(task: TaskIn<'completed'>, result: Result): Promise<boolean>;
  /**
   * Ends a task together with the movement of its money; false when it ended before.
   * `settlement` holds the steps of `movementSteps`, whose guard makes the end happen once.
   */
  end(
    task: TaskIn<'failed'> | TaskIn<'cancelled'>,
    from: readonly TaskStatus[],
    settlement: readonly TransactionStep[],
  ): Promise<boolean>;
  /** Writes the verdict and moves the money; false when there is one already. */
  judge(
    task: TaskIn<'completed'>,
    result: Exclude<Result, { verdict: 'pending' }>,
    settlement: readonly TransactionStep[],
  ): Promise<boolean>;
  /** Tasks whose deadline or end of review has come, oldest first, of one shard. */
  due(shard: number, now: string, limit: number): Promise<Task[]>;
}

const is = (attribute: string, value: string): Condition => ({ attribute, is: 'equal', value });

/** In which lists a task stands; `due` only while something must happen by a time. */
export function taskRecord(task: Task) {
  const dueAt =
    task.status === 'completed'
      ? task.settlement === 'held' && task.review_until
      : 'deadline_at' in task && task.deadline_at;
  return record('task', keys.task(task.id), task, {
    owner: indexKeys.ownedTask(task.buyer_id, task.created_at, task.id),
    all: indexKeys.allTasks(shardOf(task.id), task.created_at, task.id),
    ...(task.assigned_agent_id !== DUKE_MM_ID && {
      worker: indexKeys.workedTask(task.assigned_agent_id, task.created_at, task.id),
    }),
    ...(dueAt && { due: indexKeys.dueTask(shardOf(task.id), dueAt, task.id) }),
  });
}

export const resultRecord = (result: Result) =>
  record('result', keys.result(result.id), result, {
    owner: indexKeys.ownedResult(result.buyer_id, result.created_at, result.id),
    all: indexKeys.allResults(shardOf(result.id), result.created_at, result.id),
    ...(result.agent_id !== DUKE_MM_ID && {
      worker: indexKeys.workedResult(result.agent_id, result.created_at, result.id),
    }),
  });

type Kind = 'TASKS' | 'RESULTS';
const LISTS = {
  TASKS: { owned: indexKeys.ownedTask, worked: indexKeys.workedTask, all: indexKeys.allTasks },
  RESULTS: { owned: indexKeys.ownedResult, worked: indexKeys.workedResult, all: indexKeys.allResults },
} as const;

export function partitionsOf(kind: Kind, owner: ListOwner): Pick<Query, 'index' | 'pk'>[] {
  const list = LISTS[kind];
  if (owner.role === 'buyer') return [{ index: 'owner', pk: list.owned(owner.userId, '', '').pk }];
  if (owner.role === 'agent') return [{ index: 'worker', pk: list.worked(owner.agentId, '', '').pk }];
  return allShards().map((shard) => ({ index: 'all', pk: list.all(shard, '', '').pk }));
}

export const sortKeyIn = (owner: ListOwner) => {
  const attribute = { buyer: 'gsi1sk', agent: 'gsi2sk', admin: 'gsi3sk' }[owner.role];
  return (entry: Item): string => String(entry[attribute]);
};

export function taskStore(table: Table): TaskStore {
  const parse = (item: Item): Task => parseRecord(Task, item);
  return {
    async get(id, options) {
      const item = await table.get(keys.task(id), options);
      return item && parse(item);
    },
    list: (owner, page, matches) =>
      listPage({
        table,
        partitions: partitionsOf('TASKS', owner),
        page,
        matches,
        sortKeyOf: sortKeyIn(owner),
        load: loadBehind(table, sortKeyIn(owner), parse),
      }),
    create: (task, hold) =>
      table.transact([{ put: taskRecord(task), when: [{ attribute: 'pk', is: 'absent' }] }, ...hold]),
    assign: (task) => happened(table.write({ put: taskRecord(task), when: [is('status', 'created')] })),
    start: (id, at) =>
      happened(
        table.write({
          update: keys.task(id),
          set: { status: 'executing', started_at: at, updated_at: at },
          when: [is('status', 'assigned')],
        }),
      ),
    hasChunk: async (taskId, chunk) =>
      (await table.get(keys.chunk(taskId, chunk), { consistent: true })) !== undefined,
    chunkDone: (taskId, chunk, at) =>
      happened(
        table.transact([
          {
            put: record('chunk', keys.chunk(taskId, chunk), { done_at: at }),
            when: [{ attribute: 'pk', is: 'absent' }],
          },
          {
            update: keys.task(taskId),
            set: { updated_at: at },
            add: { chunks_left: -1 },
            when: [is('status', 'executing')],
          },
        ]),
      ),
    complete: (task, result) =>
      happened(
        table.transact([
          { put: taskRecord(task), when: [is('status', 'executing')] },
          { put: resultRecord(result), when: [{ attribute: 'pk', is: 'absent' }] },
        ]),
      ),
    end: (task, from, settlement) =>
      happened(
        table.transact([
          {
            update: keys.task(task.id),
            set: {
              status: task.status,
              settlement: task.settlement,
              completed_at: task.completed_at,
              updated_at: task.updated_at,
              ...('failure_reason' in task && { failure_reason: task.failure_reason }),
            },
            remove: ['deadline_at', ...unindexed('due')],
            when: [{ attribute: 'status', is: 'one_of', values: from }],
          },
          ...settlement,
        ]),
      ),
    judge: (task, result, settlement) =>
      happened(
        table.transact([
          {
            update: keys.task(task.id),
            set: { settlement: task.settlement, settled_at: task.settled_at, updated_at: task.updated_at },
            remove: unindexed('due'),
            when: [is('status', 'completed'), is('settlement', 'held')],
          },
          { put: resultRecord(result), when: [is('verdict', 'pending')] },
          ...settlement,
        ]),
      ),
    async due(shard, now, limit) {
      // '~' sorts behind every digit and hyphen of an id: everything due up to and including this moment.
      const query = {
        index: 'due' as const,
        pk: indexKeys.dueTask(shard, '', '').pk,
        upTo: `${now}~`,
        limit,
      };
      const entries = await table.query(query);
      const items = await table.getMany(
        entries.map((entry) => ({ pk: String(entry['pk']), sk: String(entry['sk']) })),
      );
      return items.map(parse);
    },
  };
}
