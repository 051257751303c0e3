import type * as z from 'zod';
import type { FeedbackBody, ResultSummary } from '../../contracts/api/results.ts';
import type { Correction, Result, ResultItem } from '../../contracts/entities/result.ts';
import { ResultItem as ResultItemSchema } from '../../contracts/entities/result.ts';
import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import { DukeError } from '../../contracts/errors.ts';
import { answerFault } from '../../contracts/learning/trainable.ts';
import { objects } from '../../contracts/naming.ts';
import { isSameAnswer } from '../../contracts/rules/correction.ts';
import { refusedItems, settlementOf } from '../../contracts/rules/refund.ts';
import { labelFinder } from '../../contracts/values/labels.ts';
import type { Clock } from '../shared/clock.ts';
import { canonicalJson, sha256 } from '../shared/ids.ts';
import { jsonLines } from '../shared/objects.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { ResultStore } from '../shared/stores/result-store.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import { settlePartsSteps } from './escrow.ts';
import { changesItems, knownItems } from './known-items.ts';
import { readPart } from './parts.ts';
import { priceParts } from './price-parts.ts';
import type { RefusedItems } from './price-parts.ts';
import { resultSummary } from './result-view.ts';
import { meanConfidence, summaryOf } from './summary.ts';
import { writeOutput } from './write-output.ts';
import type { WriteOutputDependencies } from './write-output.ts';

export interface JudgeDependencies extends WriteOutputDependencies {
  readonly tasks: TaskStore;
  readonly results: ResultStore;
  readonly clock: Clock;
}

/** Automatic acceptance changes no answer, so it needs no file access. */
export type AutoAcceptDependencies = Pick<JudgeDependencies, 'tasks' | 'results' | 'clock'>;

type Pending = Extract<Result, { verdict: 'pending' }>;
type Judged = Exclude<Result, Pending>;

/**
 * Judges a result for its buyer: stores the verdict and settles the escrow in one transaction.
 * @param requestId equal for a repeated request, which gets the response that the first one may have lost
 * @throws DukeError not_found, already_judged, review_closed, unknown_item, validation_failed
 */
export async function giveFeedback(
  deps: JudgeDependencies,
  buyerId: string,
  resultId: string,
  body: FeedbackBody,
  requestId?: string,
): Promise<z.input<typeof ResultSummary>> {
  const result = await deps.results.get(resultId, { consistent: true });
  if (result?.buyer_id !== buyerId) throw new DukeError('not_found', 'There is no such result of yours.');
  if (result.verdict !== 'pending') return judgedBefore(result, requestId);
  const task = await completedTask(deps.tasks, result.task_id);
  const now = deps.clock();
  if (now.toISOString() > task.review_until) {
    throw new DukeError('review_closed', `The time for review ended at ${task.review_until}.`);
  }
  const items = (
    await Promise.all(result.parts.map((p) => readPart(deps.work, p.key, ResultItemSchema)))
  ).flat();
  const corrections = withTaskSpelling(task, body.corrections);
  checkCorrections(task, items, corrections);

  const refused = refusedItems(body.verdict, corrections);
  const reviewRefused =
    result.reviewer_id === undefined ? 0 : refusedOfReviewer(result, items, body, corrections);
  const correctionsKey = await writeCorrections(deps.work, result.id, corrections);
  const verdict = body.verdict === 'accept' ? 'accepted' : 'rejected';
  const judged: Judged = {
    ...result,
    ...(await applyVerdict(deps, task, items, verdict, corrections)),
    verdict,
    judged_at: now.toISOString(),
    feedback: {
      ...(requestId !== undefined && { request_id: requestId }),
      ...(body.rating !== undefined && { rating: body.rating }),
      ...(body.comment !== undefined && { comment: body.comment }),
      ...(correctionsKey !== undefined && { corrections_key: correctionsKey }),
      correction_count: corrections.length,
      refused_count: refused,
      ...(result.reviewer_id !== undefined && { review_refused_count: reviewRefused }),
    },
  };
  if (await settle(deps, task, judged, { refused, reviewRefused })) return resultSummary(judged);
  const winner = await deps.results.get(resultId, { consistent: true });
  return judgedBefore(winner ?? result, requestId);
}

/**
 * Writes the output with the corrections applied, and recomputes summary and confidence. The object is written before
 * the verdict is stored, under its own key; if the verdict is not stored, nothing references the object.
 */
async function applyVerdict(
  deps: JudgeDependencies,
  task: Task,
  items: readonly ResultItem[],
  verdict: 'accepted' | 'rejected',
  corrections: readonly Correction[],
): Promise<Partial<Pick<Result, 'output_key' | 'result_text' | 'confidence_score'>>> {
  if (!changesItems(verdict, corrections)) return {};
  const judgedItems = knownItems(verdict, items, corrections);
  const revision = sha256(canonicalJson([verdict, corrections])).slice(0, 16);
  return {
    output_key: await writeOutput(deps, task, judgedItems, revision),
    result_text: summaryOf(task.kind, judgedItems),
    confidence_score: meanConfidence(judgedItems),
  };
}

/** Accepts a result whose review window has passed without a verdict. @returns false if it was judged meanwhile */
export async function autoAccept(deps: AutoAcceptDependencies, task: TaskIn<'completed'>): Promise<boolean> {
  const result = await deps.results.get(task.result_id, { consistent: true });
  if (result?.verdict !== 'pending') return false;
  const judged: Judged = { ...result, verdict: 'auto_accepted', judged_at: deps.clock().toISOString() };
  return settle(deps, task, judged, { refused: 0, reviewRefused: 0 });
}

/** Number of refused items that the reviewer answered. */
function refusedOfReviewer(
  result: Result,
  items: readonly ResultItem[],
  body: FeedbackBody,
  corrections: readonly Correction[],
): number {
  const theirs = new Set(items.flatMap((item) => (item.answered_by === result.reviewer ? item.id : [])));
  return refusedItems(
    body.verdict,
    corrections.filter(({ item_id }) => theirs.has(item_id)),
  );
}

async function settle(
  deps: Pick<JudgeDependencies, 'tasks'>,
  task: TaskIn<'completed'>,
  judged: Judged,
  refused: RefusedItems,
): Promise<boolean> {
  const parts = priceParts(task, judged, refused);
  const refund = parts.reduce((sum, part) => sum + part.refund, 0);
  const settled: TaskIn<'completed'> = {
    ...task,
    settlement: settlementOf(task.price_satoshis, refund),
    settled_at: judged.judged_at,
    updated_at: judged.judged_at,
  };
  return deps.tasks.judge(settled, judged, settlePartsSteps(task, parts, judged.judged_at));
}

async function completedTask(tasks: TaskStore, taskId: string): Promise<TaskIn<'completed'>> {
  const task: Task | undefined = await tasks.get(taskId, { consistent: true });
  if (task?.status !== 'completed')
    throw new Error(`result of task ${taskId}, which is ${task?.status ?? 'gone'}`);
  return task;
}

/**
 * Answers a repetition of the request that judged the result. @throws DukeError already_judged for any other request
 */
function judgedBefore(result: Result, requestId: string | undefined): z.input<typeof ResultSummary> {
  const judgedBy = 'feedback' in result ? result.feedback.request_id : undefined;
  if (judgedBy !== undefined && judgedBy === requestId) return resultSummary(result);
  throw new DukeError('already_judged', `The verdict is ${result.verdict}; it is given once.`);
}

function checkCorrections(
  task: Task,
  items: readonly ResultItem[],
  corrections: readonly Correction[],
): void {
  const byId = new Map(items.map((item) => [item.id, item]));
  corrections.forEach((correction, i) => {
    const item = byId.get(correction.item_id);
    if (!item) {
      throw new DukeError('unknown_item', `The result has no item "${correction.item_id}".`, {
        errors: [{ path: `corrections.${i}.item_id`, message: 'no such item' }],
      });
    }
    const fault = correctionFault(task, item, correction.expected);
    if (fault) {
      throw new DukeError('validation_failed', `Correction of "${correction.item_id}": ${fault}.`, {
        errors: [{ path: `corrections.${i}.expected`, message: fault }],
      });
    }
  });
}

/** Replaces each corrected label by the task's spelling of it. */
function withTaskSpelling(task: Task, corrections: readonly Correction[]): Correction[] {
  const find = task.kind === 'classification' ? labelFinder(task.labels ?? []) : () => undefined;
  return corrections.map((correction) => {
    const label = correction.expected === undefined ? undefined : find(correction.expected);
    return label === undefined ? correction : { ...correction, expected: label };
  });
}

function correctionFault(
  task: Task,
  item: ResultItem,
  expected: string | number | undefined,
): string | undefined {
  if (expected === undefined) return undefined;
  if (isSameAnswer(expected, item.prediction)) return 'that is what was answered; leave the item out';
  return answerFault(task.kind, task.labels ?? [], expected);
}

async function writeCorrections(
  work: ObjectStore,
  resultId: string,
  corrections: readonly Correction[],
): Promise<string | undefined> {
  if (corrections.length === 0) return undefined;
  const lines = jsonLines(corrections);
  const key = objects.corrections(resultId, sha256(lines).slice(0, 16));
  await work.put(key, lines, 'application/jsonl');
  return key;
}
