import type { LossOutcome } from '../../../contracts/entities/agent.ts';
import type { Task, TaskIn } from '../../../contracts/entities/task.ts';
import { indexKeys, keys, REVIEW_ATTEMPT, shardOf } from '../../../contracts/naming.ts';
import { assignSteps, endAssignmentSteps } from './assignment-store.ts';
import type { Draft } from './draft-store.ts';
import { indexed, record, unindexed } from './records.ts';
import { failedSteps, sameAttempt } from './conditions.ts';
import { taskRecord } from './task-records.ts';
import { succeeds } from './table.ts';
import type { Condition, Table, TransactionStep } from './table.ts';

/** A task of Duke MM whose unsure items an agent reviews. */
export type Reviewing = TaskIn<'executing'> & {
  readonly review_state: 'open';
  readonly reviewer_id: string;
  readonly reviewer: string;
  readonly review_item_count: number;
  readonly review_price_satoshis: number;
};

export const isReviewing = (task: Task): task is Reviewing =>
  task.status === 'executing' && task.review_state === 'open';

/** Reviews of unsure answers: an agent answers part of a task that stays assigned to Duke MM. */
export interface ReviewStore {
  /** Assigns the unsure items to the agent. @returns `stale` if the task or its review changed since it was read */
  open(task: Reviewing, at: string): Promise<'opened' | 'stale' | 'agent_unavailable'>;
  /** Ends the review: the answers of Duke MM stand, and the deadline of the task is now. @returns false if the agent no longer has the items */
  close(task: Reviewing, outcome: LossOutcome, at: string): Promise<boolean>;
  /**
   * Stores answers of the agent at the next revision of the draft; a complete one ends the review.
   * @returns `stale`: the draft was changed meanwhile; `lost`: the agent has the items no more
   */
  save(task: Reviewing, draft: Draft, at: string): Promise<'saved' | 'stale' | 'lost'>;
}

/** The fields of the agent's part that assignment steps need. */
const partOf = (task: Reviewing) => ({
  id: task.id,
  assigned_agent_id: task.reviewer_id,
  price_satoshis: task.review_price_satoshis,
  deadline_at: task.deadline_at,
});

const stillOpen = (task: Reviewing): Condition[] => [
  { attribute: 'status', is: 'equal', value: 'executing' },
  { attribute: 'review_state', is: 'equal', value: 'open' },
  { attribute: 'reviewer_id', is: 'equal', value: task.reviewer_id },
  sameAttempt(task),
];

export function reviewStore(table: Table): ReviewStore {
  return {
    async open(task, at) {
      const put: TransactionStep = {
        put: taskRecord(task),
        when: [
          { attribute: 'status', is: 'equal', value: 'executing' },
          { attribute: 'review_state', is: 'absent' },
          sameAttempt(task),
        ],
      };
      const failed = await failedSteps(table.transact([put, ...assignSteps(partOf(task), at)]));
      if (failed.length === 0) return 'opened';
      return failed.includes(0) ? 'stale' : 'agent_unavailable';
    },
    close: (task, outcome, at) =>
      succeeds(
        table.transact([
          {
            update: keys.task(task.id),
            set: {
              review_state: outcome,
              updated_at: at,
              // The deadline was the agent's; from now on the result is being assembled.
              deadline_at: at,
              ...indexed({ due: indexKeys.dueTask(shardOf(task.id), at, task.id) }),
            },
            remove: unindexed('worker'),
            when: stillOpen(task),
          },
          ...endAssignmentSteps(partOf(task), outcome, at),
        ]),
      ),
    async save(task, draft, at) {
      const failed = await failedSteps(
        table.transact([
          {
            put: record('draft', keys.draft(task.id, REVIEW_ATTEMPT, draft.chunk), draft),
            when:
              draft.revision === 1
                ? [{ attribute: 'pk', is: 'absent' }]
                : [{ attribute: 'revision', is: 'equal', value: draft.revision - 1 }],
          },
          {
            update: keys.task(task.id),
            set: { updated_at: at, ...(draft.complete && { review_state: 'answered' }) },
            when: stillOpen(task),
          },
          ...(draft.complete ? endAssignmentSteps(partOf(task), 'delivered', at) : []),
        ]),
      );
      if (failed.length === 0) return 'saved';
      return failed.includes(1) ? 'lost' : 'stale';
    },
  };
}
