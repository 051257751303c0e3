import { DUKE_MM, DUKE_MM_ID } from '../../contracts/entities/common.ts';
import { ResultItem } from '../../contracts/entities/result.ts';
import type { ResultPart } from '../../contracts/entities/result.ts';
import type { ReviewState } from '../../contracts/entities/task-fields.ts';
import type { TaskIn } from '../../contracts/entities/task.ts';
import { objects, REVIEW_ATTEMPT, reviewItemsKey } from '../../contracts/naming.ts';
import { isUnsure, reviewPriceSatoshis } from '../../contracts/rules/review.ts';
import { ItemPayload } from '../../contracts/serving/invocation.ts';
import type { Clock } from '../shared/clock.ts';
import { later, MINUTE } from '../shared/clock.ts';
import { sha256 } from '../shared/ids.ts';
import { jsonLines } from '../shared/objects.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { DraftStore } from '../shared/stores/draft-store.ts';
import type { Reviewing, ReviewStore } from '../shared/stores/review-store.ts';
import { candidatesFor } from './candidates.ts';
import type { CandidateStores } from './candidates.ts';
import { readPart } from './parts.ts';
import { selectAgent } from './selection.ts';

export interface ReviewDependencies extends CandidateStores {
  readonly reviews: ReviewStore;
  readonly drafts: DraftStore;
  readonly work: ObjectStore;
  readonly clock: Clock;
  readonly basePriceSatoshis: number;
  /** Minutes within which a registered agent must deliver. */
  readonly agentDeadlineMinutes: number;
}

/** Maximum number of agents tried, since an agent may fill up or pause between selection and write. */
const MAX_UNAVAILABLE = 10;
/** All answers of a review are one draft, whatever chunks their items come from. */
export const REVIEW_CHUNK = 1;

/** The task with the attempt number under which drafts of its review are stored. */
export const reviewDrafts = ({ id }: { readonly id: string }) => ({ id, attempt: REVIEW_ATTEMPT });

export const needsReview = (task: TaskIn<'executing'>): boolean =>
  task.assigned_agent_id === DUKE_MM_ID && task.review_below !== undefined && task.review_state === undefined;

/**
 * Assigns the items that Duke MM is unsure of to an agent, for their share of the price, which stays held.
 * @param parts keys of the answers of Duke MM, by chunk
 * @returns `open`, or why the answers of Duke MM stand; undefined if the task changed meanwhile
 */
export async function openReview(
  deps: ReviewDependencies,
  task: TaskIn<'executing'>,
  parts: readonly ResultPart[],
): Promise<Extract<ReviewState, 'open' | 'not_needed' | 'nobody_available'> | undefined> {
  const items: ItemPayload[] = [];
  for (const [i, { key }] of parts.entries()) {
    const answers = await readPart(deps.work, key, ResultItem);
    const unsure = answers.filter(({ confidence }) => isUnsure(confidence, task.review_below ?? 0));
    if (unsure.length === 0) continue;
    const ids = new Set(unsure.map(({ id }) => id));
    const payloads = await readPart(deps.work, objects.chunkItems(task.id, i + 1), ItemPayload);
    items.push(...payloads.filter(({ id }) => ids.has(id)));
  }
  if (items.length === 0) return 'not_needed';
  await deps.work.put(reviewItemsKey(task.id), jsonLines(items), 'application/jsonl');
  return giveToAgent(deps, task, items.length);
}

async function giveToAgent(
  deps: ReviewDependencies,
  task: TaskIn<'executing'>,
  count: number,
): Promise<'open' | 'nobody_available' | undefined> {
  const unavailable = new Set<string>([DUKE_MM_ID, ...(task.tried_agent_ids ?? [])]);
  const all = await candidatesFor(deps, task);
  for (let tries = 0; tries < MAX_UNAVAILABLE; tries++) {
    const remainingCandidates = all.filter(({ agent_id }) => !unavailable.has(agent_id));
    const selection = selectAgent(remainingCandidates, {
      ...task,
      basePriceSatoshis: deps.basePriceSatoshis,
    });
    if ('refusedBecause' in selection) break;
    const { chosen } = selection;
    const now = deps.clock();
    const at = now.toISOString();
    const reviewing: Reviewing = {
      ...task,
      review_state: 'open',
      reviewer_id: chosen.agent_id,
      reviewer: chosen.agent_name,
      review_item_count: count,
      review_price_satoshis: reviewPriceSatoshis(task.price_satoshis, count, task.item_count),
      deadline_at: later(now, deps.agentDeadlineMinutes * MINUTE),
      updated_at: at,
    };
    const opened = await deps.reviews.open(reviewing, at);
    if (opened === 'opened') return 'open';
    if (opened === 'stale') return undefined;
    unavailable.add(chosen.agent_id);
  }
  return 'nobody_available';
}

/**
 * Replaces Duke MM's answers by those of the reviewer, and records who answered each item. Idempotent: objects are
 * content-addressed.
 * @returns keys of the answers, by chunk
 */
export async function reviewedParts(
  deps: Pick<ReviewDependencies, 'drafts' | 'work'>,
  task: TaskIn<'executing'>,
  parts: readonly ResultPart[],
): Promise<ResultPart[]> {
  const draft =
    task.review_state === 'answered' ? await deps.drafts.get(reviewDrafts(task), REVIEW_CHUNK) : undefined;
  if (task.review_state === 'answered' && !draft)
    throw new Error(`the answers of the reviewer of task ${task.id} are gone`);
  const answers = draft ? await readPart(deps.work, draft.key, ResultItem) : [];
  const reviewed = new Map(answers.map((answer) => [answer.id, { ...answer, answered_by: task.reviewer }]));
  const merged: ResultPart[] = [];
  for (const [i, { key, count }] of parts.entries()) {
    const items = await readPart(deps.work, key, ResultItem);
    const lines = jsonLines(items.map((item) => reviewed.get(item.id) ?? { ...item, answered_by: DUKE_MM }));
    const to = objects.draft(task.id, REVIEW_ATTEMPT, i + 1, sha256(lines).slice(0, 16));
    await deps.work.put(to, lines, 'application/jsonl');
    merged.push({ key: to, count });
  }
  return merged;
}
