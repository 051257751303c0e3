import type { SubmissionView, SubmitBody } from '../../contracts/api/agent-work.ts';
import { reviewItemsKey } from '../../contracts/naming.ts';
import { ItemPayload } from '../../contracts/serving/invocation.ts';
import { retry, RetryableError } from '../shared/retry.ts';
import type { Reviewing } from '../shared/stores/review-store.ts';
import { sortByChunk, writeDraft } from './chunk-answers.ts';
import { completeTask } from './complete-task.ts';
import type { CompleteTaskDependencies } from './complete-task.ts';
import { lost } from './lease.ts';
import type { LeaseDependencies } from './lease.ts';
import { readPart } from './parts.ts';
import { REVIEW_CHUNK, reviewDrafts } from './review.ts';

type Dependencies = LeaseDependencies & CompleteTaskDependencies;

/** Concurrent requests of one agent. */
const ATTEMPTS = 10;

/**
 * Stores answers to the items that Duke MM was unsure of; the last missing one completes the task.
 * @throws DukeError wrong_state, validation_failed
 */
export async function submitReview(
  deps: Dependencies,
  task: Reviewing,
  body: SubmitBody,
): Promise<SubmissionView> {
  const items = await readPart(deps.work, reviewItemsKey(task.id), ItemPayload);
  const ids = items.map(({ id }) => id);
  const [answers] = sortByChunk(task, [ids], body.items);
  if (!answers) throw new Error(`a submission to task ${task.id} without answers`);
  const answered = await retry(
    async () => {
      const before = await deps.drafts.get(reviewDrafts(task), REVIEW_CHUNK);
      const { key, answered: count } = await writeDraft(deps.work, reviewDrafts(task), answers, before?.key);
      const revision = (before?.revision ?? 0) + 1;
      const complete = count === ids.length;
      const draft = { chunk: REVIEW_CHUNK, key, answered: count, complete, revision };
      const saved = await deps.reviews.save(task, draft, deps.clock().toISOString());
      if (saved === 'lost') throw await lost(deps, task.reviewer_id, task.id);
      if (saved === 'stale') throw new RetryableError('another request answered at the same moment');
      return count;
    },
    { attempts: ATTEMPTS },
  );
  if (answered === ids.length) await completeTask(deps, task.id);
  return viewOf(task, answered === ids.length ? 'delivered' : 'open', answered);
}

/** Gives the items back: the answers of Duke MM stand. @throws DukeError wrong_state */
export async function giveUpReview(deps: Dependencies, task: Reviewing): Promise<SubmissionView> {
  if (!(await deps.reviews.close(task, 'given_up', deps.clock().toISOString())))
    throw await lost(deps, task.reviewer_id, task.id);
  await completeTask(deps, task.id);
  return viewOf(task, 'given_up', 0);
}

/** The reviewer does not see the result, because it contains answers of others. */
const viewOf = (task: Reviewing, outcome: SubmissionView['outcome'], answered: number): SubmissionView => ({
  task_id: task.id,
  outcome,
  answered_count: answered,
  item_count: task.review_item_count,
  result: null,
});
