import type { SubmissionView, SubmitBody } from '../../contracts/api/agent-work.ts';
import type { Submission } from '../../contracts/entities/task-fields.ts';
import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import { DukeError } from '../../contracts/errors.ts';
import { canonicalJson } from '../shared/ids.ts';
import type { ResultStore } from '../shared/stores/result-store.ts';
import { retry, RetryableError } from '../shared/retry.ts';
import { itemIdsOf, mergedDraft, sortByChunk, writeDraft } from './chunk-answers.ts';
import type { ChunkAnswers } from './chunk-answers.ts';
import { completeTask } from './complete-task.ts';
import type { CompleteTaskDependencies } from './complete-task.ts';
import { holdLease, isReviewerOf, lost } from './lease.ts';
import type { LeaseDependencies } from './lease.ts';
import { moveToNextAgent } from './next-agent.ts';
import type { NextAgentDependencies } from './next-agent.ts';
import { resultSummary } from './result-view.ts';
import { giveUpReview, submitReview } from './submit-review.ts';
import { agentTaskView } from './task-view.ts';

export interface SubmitDependencies
  extends LeaseDependencies, NextAgentDependencies, CompleteTaskDependencies {
  readonly results: ResultStore;
}

/** Concurrent requests of one agent that answer the same chunk. */
const ATTEMPTS = 10;

/** Takes the lease of a task. @throws DukeError not_found, wrong_state */
export const startTask = async (deps: LeaseDependencies, agentId: string, taskId: string) =>
  agentTaskView(agentId, await holdLease(deps, agentId, taskId));

/**
 * Stores answers of the agent that has the task. Several requests may answer a task; an answer given again replaces
 * the earlier one. The last missing answer completes the task.
 * @throws DukeError not_found, wrong_state, validation_failed
 */
export async function submitResult(
  deps: SubmitDependencies,
  agentId: string,
  taskId: string,
  body: SubmitBody,
): Promise<SubmissionView> {
  if (!body.success) return giveUp(deps, agentId, taskId);
  const before = await deps.tasks.get(taskId, { consistent: true });
  if (await isDelivered(deps, agentId, before, body)) return submissionView(deps, agentId, taskId);
  // Wrong answers must not start the task, since its buyer may cancel it until it is started.
  if (before?.status === 'assigned' && before.assigned_agent_id === agentId)
    sortByChunk(before, await itemIdsOf(deps.work, before), body.items);
  const task = await holdLease(deps, agentId, taskId);
  if (isReviewerOf(task, agentId)) return submitReview(deps, task, body);
  const chunks = sortByChunk(task, await itemIdsOf(deps.work, task), body.items);
  for (const chunk of chunks) await saveChunk(deps, agentId, task, chunk, body);
  const after = await deps.tasks.get(taskId, { consistent: true });
  if (after?.status === 'executing' && after.chunks_left === 0) await completeTask(deps, taskId);
  return submissionView(deps, agentId, taskId);
}

/**
 * Whether the agent delivered the task with these answers, which means that the response to an earlier request was
 * lost.
 */
async function isDelivered(
  deps: SubmitDependencies,
  agentId: string,
  task: Task | undefined,
  body: SubmitBody,
): Promise<boolean> {
  if (task?.status !== 'completed' || task.assigned_agent_id !== agentId) return false;
  if (canonicalJson(task.submission ?? {}) !== canonicalJson(submissionOf(body))) return false;
  const chunks = sortByChunk(task, await itemIdsOf(deps.work, task), body.items);
  for (const chunk of chunks) {
    const draft = await deps.drafts.get(task, chunk.chunk);
    const { key } = await mergedDraft(deps.work, task, chunk, draft?.key);
    if (key !== draft?.key) return false;
  }
  return true;
}

const submissionOf = ({ items: _items, success: _success, ...submission }: SubmitBody): Submission =>
  submission;

async function saveChunk(
  deps: SubmitDependencies,
  agentId: string,
  task: TaskIn<'executing'>,
  chunk: ChunkAnswers,
  body: SubmitBody,
): Promise<void> {
  const submission = submissionOf(body);
  await retry(
    async () => {
      const before = await deps.drafts.get(task, chunk.chunk);
      const { key, answered } = await writeDraft(deps.work, task, chunk, before?.key);
      const complete = answered === chunk.ids.length;
      const draft = { chunk: chunk.chunk, key, answered, complete, revision: (before?.revision ?? 0) + 1 };
      const at = deps.clock().toISOString();
      const change = { finishes: complete && !before?.complete, submission, at };
      const saved = await deps.drafts.save(task, draft, change);
      if (saved === 'lost') throw await lost(deps, agentId, task.id);
      if (saved === 'stale') throw new RetryableError('another request answered the same chunk');
    },
    { attempts: ATTEMPTS },
  );
}

/** Gives the task back. Idempotent. @throws DukeError not_found, wrong_state */
async function giveUp(deps: SubmitDependencies, agentId: string, taskId: string): Promise<SubmissionView> {
  const before = await deps.assignments.get(agentId, taskId);
  if (before?.outcome === 'given_up') return givenUp(deps, agentId, taskId);
  const task = await holdLease(deps, agentId, taskId);
  if (isReviewerOf(task, agentId)) return giveUpReview(deps, task);
  const outcome = await moveToNextAgent(deps, task, 'given_up', `${task.assigned_agent} gave the task up.`);
  if (outcome === 'stale') throw await lost(deps, agentId, taskId);
  return givenUp(deps, agentId, taskId);
}

async function givenUp(deps: SubmitDependencies, agentId: string, taskId: string): Promise<SubmissionView> {
  const task = await deps.tasks.get(taskId, { consistent: true });
  if (!task) throw await lost(deps, agentId, taskId);
  return {
    task_id: taskId,
    outcome: 'given_up',
    answered_count: 0,
    item_count: task.item_count,
    result: null,
  };
}

async function submissionView(
  deps: SubmitDependencies,
  agentId: string,
  taskId: string,
): Promise<SubmissionView> {
  const task = await deps.tasks.get(taskId, { consistent: true });
  if (task?.assigned_agent_id !== agentId) throw await lost(deps, agentId, taskId);
  if (task.status === 'failed') throw new DukeError('wrong_state', task.failure_reason);
  const result =
    task.status === 'completed' ? await deps.results.get(task.result_id, { consistent: true }) : undefined;
  return {
    task_id: taskId,
    outcome: result ? 'delivered' : 'open',
    answered_count: await answeredCount(deps, task),
    item_count: task.item_count,
    result: result ? resultSummary(result) : null,
  };
}

const answeredCount = async (deps: SubmitDependencies, task: Task): Promise<number> =>
  (await deps.drafts.all(task)).reduce((sum, { answered }) => sum + answered, 0);
