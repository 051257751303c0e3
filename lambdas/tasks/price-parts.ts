import type { Result } from '../../contracts/entities/result.ts';
import type { TaskIn } from '../../contracts/entities/task.ts';
import { refundSatoshis } from '../../contracts/rules/refund.ts';
import type { PricePart } from './escrow.ts';
import { workerAccount } from './escrow.ts';

export interface RefusedItems {
  readonly refused: number;
  /** Refused items that the reviewer answered. */
  readonly reviewRefused: number;
}

type Reviewed = Pick<Result, 'reviewer_id' | 'review_item_count' | 'item_count'>;

/**
 * Divides the price of a judged task between its agent and the reviewer of unsure answers. Each part is refunded by
 * the share of its own refused items, so that nobody pays for the other's answers.
 */
export function priceParts(
  task: Pick<TaskIn<'completed'>, 'assigned_agent_id' | 'price_satoshis' | 'review_price_satoshis'>,
  { reviewer_id: reviewerId, review_item_count: reviewed = 0, item_count: items }: Reviewed,
  { refused, reviewRefused }: RefusedItems,
): PricePart[] {
  const part = reviewerId === undefined ? 0 : (task.review_price_satoshis ?? 0);
  const own = task.price_satoshis - part;
  return [
    {
      account: workerAccount(task.assigned_agent_id),
      price: own,
      refund: refundSatoshis(own, refused - reviewRefused, items - reviewed),
    },
    ...(reviewerId === undefined
      ? []
      : [
          {
            account: workerAccount(reviewerId),
            price: part,
            refund: refundSatoshis(part, reviewRefused, reviewed),
          },
        ]),
  ];
}
