import type { Task } from '../../lib/api/types.ts';

export interface Offer {
  /** What the agent earns at most. */
  readonly satoshis: number;
  readonly items: number;
}

/** What a task is to this agent: all of it, or only the items that Duke MM was unsure of. */
export function offerTo(userId: string, task: Task): Offer {
  if (task.reviewer_id !== userId) return { satoshis: task.price_satoshis, items: task.item_count };
  return {
    satoshis: task.review_price_satoshis ?? task.price_satoshis,
    items: task.review_item_count ?? task.item_count,
  };
}
