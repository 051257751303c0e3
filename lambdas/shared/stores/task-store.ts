import type { Page } from '../../../contracts/api/page.ts';
import type { AssignmentOutcome, LossOutcome } from '../../../contracts/entities/agent.ts';
import type { Result } from '../../../contracts/entities/result.ts';
import type { TaskStatus } from '../../../contracts/entities/task-fields.ts';
import { Task } from '../../../contracts/entities/task.ts';
import type { TaskIn } from '../../../contracts/entities/task.ts';
import { INDEXES, indexKeys, keys } from '../../../contracts/naming.ts';
import { assignSteps, endAssignmentSteps } from './assignment-store.ts';
import { ENDED } from '../../../contracts/rules/task-status.ts';
import { failedSteps, equals, sameAttempt, sameReview } from './conditions.ts';
import type { DueTask } from './due-tasks.ts';
import { dueTasks } from './due-tasks.ts';
import { listPage, loadBehind } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord, record, unindexed } from './records.ts';
import { succeeds } from './table.ts';
import type { Item, Table, TransactionStep } from './table.ts';
import type { ListOwner } from './task-lists.ts';
import { partitionsOf, sortKeyIn } from './task-lists.ts';
import { resultRecord, taskRecord } from './task-records.ts';

export interface TaskStore {
  get(id: string, options?: { consistent?: boolean }): Promise<Task | undefined>;
  list(owner: ListOwner, page: PageRequest, matches: (task: Task) => boolean): Promise<Page<Task>>;
  /** Stores a new task, holds its price, uses its quote and assigns it, in one transaction. */
  create(
    task: TaskIn<'created' | 'assigned'>,
    hold: readonly TransactionStep[],
    quote?: TransactionStep,
  ): Promise<CreateOutcome>;
  /** created → assigned; false if it is not created any more, or was reassigned. */
  assign(task: TaskIn<'assigned'>): Promise<boolean>;
  /** assigned → executing; false if it is not assigned any more. */
  start(task: Assigned, at: string): Promise<boolean>;
  hasChunk(task: Assigned, chunk: number): Promise<boolean>;
  /** Counts a chunk as done, once; false if it was counted before or the task is not executing. */
  chunkDone(task: Assigned, chunk: number, at: string): Promise<boolean>;
  /**
   * Reassigns an unfinished task to its next agent; its former agent loses it.
   * @param task with its new agent, price and attempt; `created` only if `before` is, so that a plan is kept
   * @param refund steps of the movement that returns the price difference; empty if there is none
   */
  reassign(
    before: TaskIn<'created' | 'assigned' | 'executing'>,
    task: TaskIn<'created' | 'assigned'>,
    outcome: LossOutcome,
    refund: readonly TransactionStep[],
  ): Promise<ReassignOutcome>;
  /** executing → completed, with its result; false if it is not executing any more, or its review changed. */
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
  /** Stores the verdict and settles the escrow; false if there is a verdict already. */
  judge(
    task: TaskIn<'completed'>,
    result: Exclude<Result, { verdict: 'pending' }>,
    settlement: readonly TransactionStep[],
  ): Promise<boolean>;
  /** Keeps an ended task out of training from now on. */
  withdrawTraining(id: string, at: string): Promise<void>;
  /** Tasks of one shard past their deadline or review, oldest first; pass `after` for the next page. */
  due(shard: number, now: string, limit: number, after?: DueTask): Promise<DueTask[]>;
  /** Tasks that were set aside. */
  aside(shard: number, now: string, limit: number, after?: DueTask): Promise<DueTask[]>;
  /** Sets a due task aside so that it does not delay others; false if it has ended or has another deadline by now. */
  setAside(shard: number, task: DueTask): Promise<boolean>;
}

/**
 * `exists`: the task is stored already. `unfunded`: the balance does not cover the price. `quote_stale`: the quote
 * was used or has expired meanwhile.
 */
export type CreateOutcome = 'created' | 'exists' | 'unfunded' | 'quote_stale' | 'agent_unavailable';

/** `stale`: the task changed since it was read. */
export type ReassignOutcome = 'reassigned' | 'stale' | 'agent_unavailable';

/** Identifies the assignment that a write belongs to. */
export type Assigned = Pick<Task, 'id' | 'attempt'>;

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
      succeeds(
        table.write({ put: taskRecord(task), when: [equals('status', 'created'), sameAttempt(task)] }),
      ),
    start: (task, at) =>
      succeeds(
        table.write({
          update: keys.task(task.id),
          set: { status: 'executing', started_at: at, updated_at: at },
          when: [equals('status', 'assigned'), sameAttempt(task)],
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
            when: [equals('status', 'executing'), sameAttempt(task)],
          },
        ]),
      ),
    async reassign(before, task, outcome, refund) {
      const own: TransactionStep[] = [
        {
          put: taskRecord(task),
          when: [
            before.status === 'created'
              ? equals('status', 'created')
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
            when: [equals('status', 'executing'), sameAttempt(task), sameReview(before)],
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
            when: [equals('status', 'completed'), equals('settlement', 'held')],
          },
          { put: resultRecord(result), when: [equals('verdict', 'pending')] },
          ...settlement,
        ]),
      ),
    withdrawTraining: (id, at) =>
      table.write({
        update: keys.task(id),
        set: { allow_training: false, updated_at: at },
        when: [{ attribute: 'status', is: 'one_of', values: ENDED }],
      }),
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
            equals(`${INDEXES.due}pk`, indexKeys.dueTask(shard, '', '').pk),
            equals(`${INDEXES.due}sk`, sortKey),
          ],
        }),
      ),
  };
}
