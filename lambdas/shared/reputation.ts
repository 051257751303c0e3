import type { JudgedTask } from '../../contracts/entities/agent.ts';
import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import { MAX_REPUTATION_BP, MIN_REPUTATION_BP } from '../../contracts/pricing.ts';

/** How many judged tasks the success rate looks back on. */
export const WINDOW = 100;
/** How many of them are one buyer's at most: nobody alone makes a price or starts a run. */
export const MOST_OF_ONE_BUYER = 10;
/** Pseudo-tasks that stand in until the window is full. */
export const PSEUDO_TASKS = 10;

/** Success rate of the pseudo-tasks: the seed starts Duke MM at reputation 2.0 and everybody else at 1.2. */
export const priorRate = (agentId: string): number => (agentId === DUKE_MM_ID ? 0.9 : 0.7);

/**
 * The judged tasks that count: the last `WINDOW` by the time of their verdict, of each buyer the last `MOST_OF_ONE_BUYER`.
 * The order in which verdicts arrive does not matter. Oldest first.
 */
export function countedTasks(tasks: readonly JudgedTask[]): JudgedTask[] {
  const newestFirst = [...tasks].sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1));
  const ofBuyer = new Map<string, number>();
  const counted = newestFirst.filter(({ buyer_id }) => {
    const before = ofBuyer.get(buyer_id) ?? 0;
    ofBuyer.set(buyer_id, before + 1);
    return before < MOST_OF_ONE_BUYER;
  });
  return counted.slice(0, WINDOW).reverse();
}

const orderOf = ({ judged_at, task_id }: JudgedTask): string => `${judged_at} ${task_id}`;

/** Mean share of items not refused over the last 100 judged tasks, pseudo-tasks filling in until there are 100. */
export function successRate(agentId: string, recent: readonly Pick<JudgedTask, 'share'>[]): number {
  const sum = recent.reduce((total, task) => total + task.share, 0);
  if (recent.length >= WINDOW) return sum / recent.length;
  return (sum + PSEUDO_TASKS * priorRate(agentId)) / (recent.length + PSEUDO_TASKS);
}

/** 1.2 + (rate − 0.7) × 4, clamped to 1.2..2.0, in basis points (product.md, «reputation»). */
export function reputationBp(agentId: string, recent: readonly Pick<JudgedTask, 'share'>[]): number {
  const raw = MIN_REPUTATION_BP + (successRate(agentId, recent) - 0.7) * 40_000;
  return Math.min(MAX_REPUTATION_BP, Math.max(MIN_REPUTATION_BP, Math.round(raw)));
}
