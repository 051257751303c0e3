import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import { ResultItem } from '../../contracts/entities/result.ts';
import type { Result, ResultPart } from '../../contracts/entities/result.ts';
import type { TaskIn } from '../../contracts/entities/task.ts';
import { objects } from '../../contracts/naming.ts';
import { ItemPayload } from '../../contracts/serving/invocation.ts';
import { HOUR, later } from '../shared/clock.ts';
import { idFrom } from '../shared/ids.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import { findFaults } from './checks.ts';
import { failTask } from './end-task.ts';
import { readPart } from './parts.ts';
import { needsReview, openReview, reviewedParts } from './review.ts';
import type { ReviewDependencies } from './review.ts';
import { meanConfidence, summaryOf } from './summary.ts';
import { writeOutput } from './write-output.ts';

export interface CompleteTaskDependencies extends ReviewDependencies {
  readonly tasks: TaskStore;
  readonly files: FileStore;
  readonly uploads: ObjectStore;
}

/**
 * Assembles and stores the result once every chunk is answered and the review of unsure answers, if any, has ended.
 * Idempotent: the first caller to finish delivers.
 */
export async function completeTask(deps: CompleteTaskDependencies, taskId: string): Promise<void> {
  const before = await deps.tasks.get(taskId, { consistent: true });
  if (before?.status !== 'executing' || before.chunks_left > 0) return;

  const answered = await partsOf(deps, before);
  const state = needsReview(before) ? await openReview(deps, before, answered) : before.review_state;
  // An agent is reviewing, or the task changed.
  if (state === 'open' || (state === undefined && needsReview(before))) return;
  const task = { ...before, ...(state !== undefined && { review_state: state }) };
  const parts = state === undefined ? answered : await reviewedParts(deps, task, answered);
  await deliver(deps, before, task, parts);
}

async function deliver(
  deps: CompleteTaskDependencies,
  before: TaskIn<'executing'>,
  task: TaskIn<'executing'>,
  parts: ResultPart[],
): Promise<void> {
  const numbers = task.chunk_sizes.map((_, i) => i + 1);
  const items = (await Promise.all(parts.map((part) => readPart(deps.work, part.key, ResultItem)))).flat();
  const wanted = (
    await Promise.all(numbers.map((n) => readPart(deps.work, objects.chunkItems(task.id, n), ItemPayload)))
  ).flat();
  const faults = findFaults(
    task,
    wanted.map((item) => item.id),
    items,
  );
  if (faults.length > 0) {
    await failTask(deps, task, `The answers did not pass the checks: ${faults.join('; ')}.`);
    return;
  }
  const outputKey = await writeOutput(deps, task, items);
  const now = deps.clock();
  const result = resultOf(task, parts, items, outputKey, now);
  await deps.tasks.complete(before, completedTask(task, result, now), result);
}

/** Keys of the answers: Duke MM writes one object per chunk, an agent drafts. */
async function partsOf(
  { drafts }: CompleteTaskDependencies,
  task: TaskIn<'executing'>,
): Promise<ResultPart[]> {
  if (task.assigned_agent_id === DUKE_MM_ID) {
    return task.chunk_sizes.map((count, i) => ({ key: objects.chunkResults(task.id, i + 1), count }));
  }
  return (await drafts.all(task)).map(({ key, answered }) => ({ key, count: answered }));
}

function completedTask(task: TaskIn<'executing'>, result: Result, now: Date): TaskIn<'completed'> {
  const { deadline_at: _deadline, ...rest } = task;
  return {
    ...rest,
    status: 'completed',
    result_id: result.id,
    completed_at: now.toISOString(),
    updated_at: now.toISOString(),
    review_until: later(now, task.review_window_hours * HOUR),
  };
}

function resultOf(
  task: TaskIn<'executing'>,
  parts: ResultPart[],
  items: readonly ResultItem[],
  outputKey: string,
  now: Date,
): Result {
  return {
    id: idFrom('result', task.id),
    task_id: task.id,
    buyer_id: task.buyer_id,
    agent_name: task.assigned_agent,
    agent_id: task.assigned_agent_id,
    ...(task.model_version !== undefined && { model_version: task.model_version }),
    result_text: task.submission?.result_text ?? summaryOf(task.kind, items),
    item_count: items.length,
    ...(task.review_state === 'answered' && {
      reviewer_id: task.reviewer_id,
      reviewer: task.reviewer,
      review_item_count: task.review_item_count,
    }),
    parts,
    success: true,
    confidence_score: task.submission?.confidence_score ?? meanConfidence(items),
    execution_time_ms:
      task.submission?.execution_time_ms ?? Math.max(0, now.getTime() - Date.parse(task.started_at)),
    metadata: {
      chunks: parts.length,
      examples: task.example_count,
      ...(task.review_state !== undefined && { review: task.review_state }),
      ...(task.submission?.reasoning !== undefined && { reasoning: task.submission.reasoning }),
    },
    output_key: outputKey,
    created_at: now.toISOString(),
    verdict: 'pending',
  };
}
