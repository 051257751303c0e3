import * as z from 'zod';
import type { Submission } from '../../../contracts/entities/task-fields.ts';
import type { Task } from '../../../contracts/entities/task.ts';
import { draftPrefix, keys } from '../../../contracts/naming.ts';
import { parseRecord, record } from './records.ts';
import { ConditionFailed } from './table.ts';
import type { Table } from './table.ts';

/** An agent's answers to one chunk so far. */
const Draft = z.strictObject({
  chunk: z.int().positive(),
  /** Object of JSON lines of the answers, in the order of the items. */
  key: z.string(),
  answered: z.int().positive(),
  /** Whether every item of the chunk is answered. */
  complete: z.boolean(),
  /** Incremented by each write, for optimistic locking. */
  revision: z.int().positive(),
});
export type Draft = z.infer<typeof Draft>;

type Assigned = Pick<Task, 'id' | 'attempt'>;
/** A task has at most as many chunks as items. */
const MAX_DRAFTS = 2500;

export interface DraftStore {
  get(task: Assigned, chunk: number): Promise<Draft | undefined>;
  /** Of all chunks that have answers, in order. */
  all(task: Assigned): Promise<Draft[]>;
  /**
   * Stores a draft at its next revision; the first complete draft of a chunk counts the chunk as done.
   * @returns `stale`: the draft was changed meanwhile; `lost`: the task is not executing by this agent any more
   */
  save(
    task: Assigned,
    draft: Draft,
    change: { readonly finishes: boolean; readonly submission: Submission; readonly at: string },
  ): Promise<'saved' | 'stale' | 'lost'>;
}

const attemptOf = ({ attempt = 1 }: Assigned): number => attempt;

export function draftStore(table: Table): DraftStore {
  return {
    async get(task, chunk) {
      const item = await table.get(keys.draft(task.id, attemptOf(task), chunk), { consistent: true });
      return item && parseRecord(Draft, item);
    },
    async all(task) {
      const drafts: Draft[] = [];
      const { pk } = keys.draft(task.id, attemptOf(task), 0);
      const prefix = draftPrefix(attemptOf(task));
      // Several pages: one answer of DynamoDB holds 1 MB.
      for (let before: string | undefined; drafts.length < MAX_DRAFTS;) {
        const page = { pk, prefix, newestFirst: true, limit: 500, consistent: true };
        const items = await table.query({ ...page, ...(before !== undefined && { before }) });
        drafts.push(...items.map((item) => parseRecord(Draft, item)));
        if (items.length === 0) break;
        before = String(items.at(-1)?.['sk']);
      }
      return drafts.reverse();
    },
    async save(task, draft, { finishes, submission, at }) {
      try {
        await table.transact([
          {
            put: record('draft', keys.draft(task.id, attemptOf(task), draft.chunk), draft),
            when:
              draft.revision === 1
                ? [{ attribute: 'pk', is: 'absent' }]
                : [{ attribute: 'revision', is: 'equal', value: draft.revision - 1 }],
          },
          {
            update: keys.task(task.id),
            set: { updated_at: at, submission },
            ...(finishes && { add: { chunks_left: -1 } }),
            when: [
              { attribute: 'status', is: 'equal', value: 'executing' },
              task.attempt === undefined
                ? { attribute: 'attempt', is: 'absent' }
                : { attribute: 'attempt', is: 'equal', value: task.attempt },
            ],
          },
        ]);
        return 'saved';
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        return error.failed.includes(1) ? 'lost' : 'stale';
      }
    },
  };
}
