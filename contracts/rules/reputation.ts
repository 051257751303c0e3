import { DUKE_MM_ID } from '../duke-mm.ts';

/** Basis points of a factor of 1.0. */
export const BASIS_POINTS = 10_000;
/** Bounds of an agent's reputation. */
export const MIN_REPUTATION_BP = 12_000;
export const MAX_REPUTATION_BP = 20_000;
/** Success rate at the lower bound of the reputation; the upper bound is reached at a rate 0.2 higher. */
const LOWEST_RATE = 0.7;
const BP_PER_RATE = 40_000;

/** Number of judged tasks in the window of the success rate. */
export const REPUTATION_WINDOW = 100;
/** Maximum share of the window from one buyer, so that no single buyer sets a price or starts a training run. */
export const MAX_WINDOW_PER_BUYER = 10;
/** Prior: pseudo-tasks that fill the window until enough tasks are judged. */
export const PSEUDO_TASKS = 10;

/** The fields of a judged task that reputation depends on. */
interface Judged {
  readonly task_id: string;
  readonly buyer_id: string;
  /** Share of its items that were not refused. */
  readonly share: number;
  readonly judged_at: string;
}

/** A reputation as the factor of the price: 12,000 bp → 1.2. */
export const reputationFactor = (reputationBp: number): number => reputationBp / BASIS_POINTS;

/** Success rate of the pseudo-tasks: Duke MM starts at reputation 2.0, other agents at 1.2. */
export const priorRate = (agentId: string): number => (agentId === DUKE_MM_ID ? 0.9 : LOWEST_RATE);

/**
 * The judged tasks in the window, oldest first: the latest `REPUTATION_WINDOW` by time of verdict, at most
 * `MAX_WINDOW_PER_BUYER` per buyer. Does not depend on the order in which verdicts arrive.
 */
export function countedTasks<T extends Judged>(tasks: readonly T[]): T[] {
  const newestFirst = [...tasks].sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1));
  const perBuyer = new Map<string, number>();
  const counted = newestFirst.filter(({ buyer_id }) => {
    const before = perBuyer.get(buyer_id) ?? 0;
    perBuyer.set(buyer_id, before + 1);
    return before < MAX_WINDOW_PER_BUYER;
  });
  return counted.slice(0, REPUTATION_WINDOW).reverse();
}

const orderOf = ({ judged_at, task_id }: Judged): string => `${judged_at} ${task_id}`;

const sumOfShares = (tasks: readonly Pick<Judged, 'share'>[]): number =>
  tasks.reduce((sum, { share }) => sum + share, 0);

/** Mean share of items not refused over the window, filled up with pseudo-tasks. */
export function successRate(agentId: string, recent: readonly Pick<Judged, 'share'>[]): number {
  const sum = sumOfShares(recent);
  if (recent.length >= REPUTATION_WINDOW) return sum / recent.length;
  return (sum + PSEUDO_TASKS * priorRate(agentId)) / (recent.length + PSEUDO_TASKS);
}

/**
 * The same over a full window only, because pseudo-tasks would hide a bad start. Undefined until the window is full.
 */
export const fullWindowRate = (recent: readonly Pick<Judged, 'share'>[]): number | undefined =>
  recent.length < REPUTATION_WINDOW ? undefined : sumOfShares(recent) / recent.length;

/** 1.2 + (rate − 0.7) × 4, clamped to 1.2..2.0, in basis points. */
export function reputationBp(agentId: string, recent: readonly Pick<Judged, 'share'>[]): number {
  const raw = MIN_REPUTATION_BP + (successRate(agentId, recent) - LOWEST_RATE) * BP_PER_RATE;
  return Math.min(MAX_REPUTATION_BP, Math.max(MIN_REPUTATION_BP, Math.round(raw)));
}
