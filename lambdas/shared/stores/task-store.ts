import { Task } from '../../../contracts/entities/task.ts';
import type { TaskIn, TaskStatus } from '../../../contracts/entities/task.ts';
import type { AssignmentOutcome, LossOutcome } from '../../../contracts/entities/agent.ts';
import type { Result } from '../../../contracts/entities/result.ts';
import { DUKE_MM_ID } from '../../../contracts/entities/common.ts';
import type { UserRole } from '../../../contracts/entities/common.ts';
import type { Page } from '../../../contracts/api/page.ts';
import { allShards, INDEXES, indexKeys, keys, parseTaskKey, shardOf } from '../../../contracts/naming.ts';
import { listPage, loadBehind } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord, record, unindexed } from './records.ts';
import { ConditionFailed, succeeds } from './table.ts';
import { assignSteps, endAssignmentSteps } from './assignment-store.ts';
import type { Condition, Item, Query, Table, TransactionStep } from './table.ts';

/** Which list: of a buyer, of an agent, or of all. */
export type ListOwner =
  | { readonly role: Extract<UserRole, 'buyer'>; readonly userId: string }
  | { readonly role: Extract<UserRole, 'agent'>; readonly agentId: string }
  | { readonly role: Extract<UserRole, 'admin'> };

export interface TaskStore {
  get(id: string, options?: { consistent?: boolean }): Promise<Task | undefined>;
  list(owner: ListOwner, page: PageRequest, matches: (task: Task) => boolean): Promise<Page<Task>>;
  /** Stores a new task, holds its price, uses its quote and gives it to its agent: all or nothing. */
  create(
    task: TaskIn<'created'>,
    hold: readonly TransactionStep[],
    quote?: TransactionStep,
  ): Promise<CreateOutcome>;
  /** created → assigned; false if it is not created any more, or has moved to another agent. */
  assign(task: TaskIn<'assigned'>): Promise<boolean>;
  /** assigned → executing; false if it is not assigned any more. */
  start(task: Assigned, at: string): Promise<boolean>;
  hasChunk(task: Assigned, chunk: number): Promise<boolean>;
  /** Counts a chunk as done, once; false if it was counted before or the task is not executing. */
  chunkDone(task: Assigned, chunk: number, at: string): Promise<boolean>;
  /**
   * Gives an unfinished task to its next agent. Whoever had it has it no more.
   * @param task with its new agent, price and attempt; `created` only if `before` is, so that no plan is lost
   * @param refund steps of the movement that returns the difference of the prices; empty if there is none
   */
  reassign(
    before: TaskIn<'created' | 'assigned' | 'executing'>,
    task: TaskIn<'created' | 'assigned'>,
    outcome: LossOutcome,
    refund: readonly TransactionStep[],
  ): Promise<ReassignOutcome>;
  /** executing → completed, with its result; false if it is not executing any more, or its review has moved on. */
  complete(before: TaskIn<'executing'>, task: TaskIn<'completed'>, result: Result): Promise<boolean>;
  /**
   * Ends a task and moves its money; false if it has ended before.
   * @param settlement the steps of `movementSteps`, whose guard makes the end happen once
   */
  end(
    task: TaskIn<'failed'> | TaskIn<'cancelled'>,
    from: readonly TaskStatus[],
    settlement: readonly TransactionStep[],
    outcome: Exclude<AssignmentOutcome, 'open' | 'delivered'>,
  ): Promise<boolean>;
  /** Writes the verdict and moves the money; false if there is a verdict already. */
  judge(
    task: TaskIn<'completed'>,
    result: Exclude<Result, { verdict: 'pending' }>,
    settlement: readonly TransactionStep[],
  ): Promise<boolean>;
  /** Tasks of one shard past their deadline or review, oldest first; pass `after` for the next page. */
  due(shard: number, now: string, limit: number, after?: DueTask): Promise<DueTask[]>;
  /** Those that were set aside. */
  aside(shard: number, now: string, limit: number, after?: DueTask): Promise<DueTask[]>;
  /** Sets a due task aside so that it does not delay others; false if it has ended or has another deadline by now. */
  setAside(shard: number, task: DueTask): Promise<boolean>;
}

/**
 * `exists`: this task was stored before. `unfunded`: the balance does not cover the price. `quote_stale`: the quote was used
 * meanwhile, or has expired.
 */
export type CreateOutcome = 'created' | 'exists' | 'unfunded' | 'quote_stale' | 'agent_unavailable';
/** `stale`: the task has moved on since it was read. */
export type ReassignOutcome = 'reassigned' | 'stale' | 'agent_unavailable';
/** Which assignment of a task a write belongs to. */
export type Assigned = Pick<Task, 'id' | 'attempt'>;

/** An entry of the index of due tasks, with its task, or with the error if the record does not parse. */
export type DueTask = { readonly id: string; readonly sortKey: string } & (
  { readonly task: Task } | { readonly unreadable: Error }
);

const is = (attribute: string, value: string): Condition => ({ attribute, is: 'equal', value });
/** The task still has the agent, and so the price, that the caller read. */
export const sameAttempt = ({ attempt }: Pick<Task, 'attempt'>): Condition =>
  attempt === undefined
    ? { attribute: 'attempt', is: 'absent' }
    : { attribute: 'attempt', is: 'equal', value: attempt };

/** The review of the task stands as the caller read it. */
const sameReview = ({ review_state: state }: Pick<Task, 'review_state'>): Condition =>
  state === undefined ? { attribute: 'review_state', is: 'absent' } : is('review_state', state);

export async function failedSteps(write: Promise<void>): Promise<readonly number[]> {
  try {
    await write;
    return [];
  } catch (error) {
    if (error instanceof ConditionFailed) return error.failed;
    throw error;
  }
}

/** The agent that works on the unsure items of a task of Duke MM, or has answered them. */
export const reviewerOf = (task: Pick<Task, 'review_state' | 'reviewer_id'>): string | undefined =>
  task.review_state === 'open' || task.review_state === 'answered' ? task.reviewer_id : undefined;

/** The lists that a task is in; `due` only while it has a deadline or a review to end. */
export function taskRecord(task: Task) {
  const worker = reviewerOf(task) ?? task.assigned_agent_id;
  const dueAt =
    task.status === 'completed'
      ? task.settlement === 'held' && task.review_until
      : 'deadline_at' in task && task.deadline_at;
  return record('task', keys.task(task.id), task, {
    owner: indexKeys.ownedTask(task.buyer_id, task.created_at, task.id),
    all: indexKeys.allTasks(shardOf(task.id), task.created_at, task.id),
    ...(worker !== DUKE_MM_ID && { worker: indexKeys.workedTask(worker, task.created_at, task.id) }),
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

interface DueQuery {
  readonly pk: string;
  readonly now: string;
  readonly limit: number;
  readonly after: DueTask | undefined;
}

async function dueTasks(table: Table, { pk, now, limit, after }: DueQuery): Promise<DueTask[]> {
  const entries = await table.query({
    index: 'due',
    pk,
    // '~' sorts above all characters of an id, so the range includes everything due up to and including this time.
    upTo: `${now}~`,
    ...(after && { after: after.sortKey }),
    limit,
  });
  // The index may be late; what is done to a task depends on the state that it has now.
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
    async create(task, hold, quote) {
      const first: TransactionStep[] = [
        { put: taskRecord(task), when: [{ attribute: 'pk', is: 'absent' }] },
        ...(quote ? [quote] : []),
      ];
      const beforeAgent = first.length + hold.length;
      const failed = await failedSteps(
        table.transact([...first, ...hold, ...assignSteps(task, task.created_at)]),
      );
      if (failed.length === 0) return 'created';
      if (failed.includes(0)) return 'exists';
      if (failed.some((step) => step < first.length)) return 'quote_stale';
      return failed.some((step) => step >= beforeAgent) ? 'agent_unavailable' : 'unfunded';
    },
    assign: (task) =>
      succeeds(table.write({ put: taskRecord(task), when: [is('status', 'created'), sameAttempt(task)] })),
    start: (task, at) =>
      succeeds(
        table.write({
          update: keys.task(task.id),
          set: { status: 'executing', started_at: at, updated_at: at },
          when: [is('status', 'assigned'), sameAttempt(task)],
        }),
      ),
    hasChunk: async (task, chunk) =>
      (await table.get(keys.chunk(task.id, chunk, task.attempt), { consistent: true })) !== undefined,
    chunkDone: (task, chunk, at) =>
      succeeds(
        table.transact([
          {
            put: record('chunk', keys.chunk(task.id, chunk, task.attempt), { done_at: at }),
            when: [{ attribute: 'pk', is: 'absent' }],
          },
          {
            update: keys.task(task.id),
            set: { updated_at: at },
            add: { chunks_left: -1 },
            when: [is('status', 'executing'), sameAttempt(task)],
          },
        ]),
      ),
    async reassign(before, task, outcome, refund) {
      const own: TransactionStep[] = [
        {
          put: taskRecord(task),
          when: [
            before.status === 'created'
              ? is('status', 'created')
              : { attribute: 'status', is: 'one_of', values: ['assigned', 'executing'] },
            sameAttempt(before),
          ],
        },
        ...refund,
        ...endAssignmentSteps(before, outcome, task.updated_at),
      ];
      const failed = await failedSteps(table.transact([...own, ...assignSteps(task, task.updated_at)]));
      if (failed.length === 0) return 'reassigned';
      return failed.some((step) => step < own.length) ? 'stale' : 'agent_unavailable';
    },
    complete: (before, task, result) =>
      succeeds(
        table.transact([
          {
            put: taskRecord(task),
            when: [is('status', 'executing'), sameAttempt(task), sameReview(before)],
          },
          { put: resultRecord(result), when: [{ attribute: 'pk', is: 'absent' }] },
          ...endAssignmentSteps(task, 'delivered', task.updated_at),
        ]),
      ),
    end: (task, from, settlement, outcome) =>
      succeeds(
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
            when: [{ attribute: 'status', is: 'one_of', values: from }, sameAttempt(task)],
          },
          ...settlement,
          ...endAssignmentSteps(task, outcome, task.updated_at),
        ]),
      ),
    judge: (task, result, settlement) =>
      succeeds(
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
    due: (shard, now, limit, after) =>
      dueTasks(table, { pk: indexKeys.dueTask(shard, '', '').pk, now, limit, after }),
    aside: (shard, now, limit, after) =>
      dueTasks(table, { pk: indexKeys.asideTask(shard, '', '').pk, now, limit, after }),
    setAside: (shard, { id, sortKey }) =>
      succeeds(
        table.write({
          update: keys.task(id),
          set: { [`${INDEXES.due}pk`]: indexKeys.asideTask(shard, '', '').pk },
          when: [
            is(`${INDEXES.due}pk`, indexKeys.dueTask(shard, '', '').pk),
            is(`${INDEXES.due}sk`, sortKey),
          ],
        }),
      ),
  };
}
