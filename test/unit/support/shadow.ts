import type { TrialPurpose } from '../../../contracts/entities/shadow-trial.ts';
import type { InvocationRequest } from '../../../contracts/serving/invocation.ts';
import { handleShadowEvent } from '../../../lambdas/learning/shadow/handle-shadow-event.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import type { Loop } from './loop.ts';
import { taskBody } from './marketplace.ts';
import { delivered } from './task-flow.ts';

export const LABELS = ['ham', 'spam'];
const ITEMS = 10;
const idOf = (item: number): string => `mail-${item}`;

/** Each version of the scripted model answers `ham`, except for the items of which it is said to be wrong. */
export function versionsAnswer(at: Loop, wrong: Readonly<Record<string, readonly number[]>>): void {
  at.dukeMM.invoke = async (request: InvocationRequest, version = '1') => ({
    outcome: 'answered',
    response: {
      model_version: version,
      items: request.items.map(({ id }) => ({
        id,
        prediction: wrong[version]?.some((item) => idOf(item) === id) ? 'spam' : 'ham',
        confidence: 0.9,
        explanation: { nearest: [], words: [], summary: 'scripted' },
      })),
    },
  });
}

/** A delivered task of ten items, all of which are ham. */
export const tenMails = (at: Loop, buyer: Caller, changes: object = {}) =>
  delivered(
    at,
    buyer,
    taskBody({
      labels: LABELS,
      items: Array.from({ length: ITEMS }, (_, item) => ({
        id: idOf(item),
        fields: { text: `mail ${newId()}` },
      })),
      ...changes,
    }),
  );

type Delivered = Awaited<ReturnType<typeof delivered>>;

export const eventOf = (type: 'result.created' | 'result.judged', { taskId, resultId }: Delivered) =>
  ({
    'detail-type': type,
    detail: {
      ...{ task_id: taskId, result_id: resultId, buyer_id: newId(), agent_id: 'duke-mm' },
      verdict: 'accepted',
    },
  }) as const;

/** The buyer's true verdict: everything that is not ham is corrected. */
export async function judge(
  at: Loop,
  buyer: Caller,
  { resultId }: Delivered,
  wrong: readonly number[],
): Promise<void> {
  const corrections = wrong.map((item) => ({ item_id: idOf(item), expected: 'ham' }));
  await giveFeedback(at, buyer.userId, resultId, {
    verdict: corrections.length > 0 ? 'reject' : 'accept',
    corrections,
  });
}

/** Delivers a task, lets the shadow version answer it, and counts the buyer's true verdict. */
export async function judgedInShadow(at: Loop, buyer: Caller, wrong: readonly number[]): Promise<void> {
  const task = await tenMails(at, buyer);
  await handleShadowEvent(at, eventOf('result.created', task), false);
  await judge(at, buyer, task, wrong);
  await handleShadowEvent(at, eventOf('result.judged', task), false);
}

export async function trialOf(at: Loop, purpose: TrialPurpose) {
  const trial = (await at.trials.newest()).find((one) => one.purpose === purpose);
  if (!trial) throw new Error(`there is no ${purpose}`);
  return trial;
}
