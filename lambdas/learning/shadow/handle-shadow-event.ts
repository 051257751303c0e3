import type { EventDetail } from '../../../contracts/events/index.ts';
import { answerInShadow } from './answer-in-shadow.ts';
import type { ShadowDependencies } from './answer-in-shadow.ts';
import { concludeWatch } from './conclude-watch.ts';
import type { WatchDependencies } from './conclude-watch.ts';
import { countPairs } from './count-pairs.ts';
import type { CountDependencies } from './count-pairs.ts';

export type ShadowEvent =
  | { readonly 'detail-type': 'result.created'; readonly detail: EventDetail<'result.created'> }
  | { readonly 'detail-type': 'result.judged'; readonly detail: EventDetail<'result.judged'> };

/**
 * Answers a delivered task in shadow and counts its verdict. Both events count, since a verdict may be faster than the
 * answers in shadow; each task counts once.
 */
export async function handleShadowEvent(
  deps: ShadowDependencies & CountDependencies & WatchDependencies,
  event: ShadowEvent,
  isLastAttempt: boolean,
): Promise<void> {
  const { task_id, result_id } = event.detail;
  if (event['detail-type'] === 'result.created') await answerInShadow(deps, task_id, isLastAttempt);
  await countPairs(deps, task_id, result_id);
  await concludeWatch(deps);
}
