import { DUKE_MM_ID } from '../duke-mm.ts';

/** Basis points of a factor of 1.0. */
export const BASIS_POINTS = 10_000;
/** Bounds of every agent's reputation. */
export const MIN_REPUTATION_BP = 12_000;
export const MAX_REPUTATION_BP = 20_000;
/** Success rate at which reputation is at its lower bound; it reaches the upper one 0.2 above. */
const LOWEST_RATE = 0.7;
const BP_PER_RATE = 40_000;

/** How many judged tasks the success rate looks back on. */
export const REPUTATION_WINDOW = 100;
/** How many of them one buyer can fill: no single buyer sets a price or starts a training run. */
export const MAX_WINDOW_PER_BUYER = 10;
/** Pseudo-tasks that count until the window is full. */
export const PSEUDO_TASKS = 10;

/** A judged task, as far as reputation needs it. */
interface Judged {
  readonly task_id: string;
  readonly buyer_id: string;
  /** Share of its items that were not refused. */
  readonly share: number;
  readonly judged_at: string;
}

/** A reputation as the factor that a price is multiplied by: 12,000 bp → 1.2. */
export const reputationFactor = (reputationBp: number): number => reputationBp / BASIS_POINTS;

/** Success rate of the pseudo-tasks: Duke MM starts at reputation 2.0, everybody else at 1.2. */
export const priorRate = (agentId: string): number => (agentId === DUKE_MM_ID ? 0.9 : LOWEST_RATE);

/**
 * The judged tasks that count, oldest first: the last `REPUTATION_WINDOW` by the time of their verdict, of each buyer at
 * most `MAX_WINDOW_PER_BUYER`. The order in which verdicts arrive does not matter.
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

/** Mean share of items not refused over the window; pseudo-tasks fill in until it is full. */
export function successRate(agentId: string, recent: readonly Pick<Judged, 'share'>[]): number {
  const sum = sumOfShares(recent);
  if (recent.length >= REPUTATION_WINDOW) return sum / recent.length;
  return (sum + PSEUDO_TASKS * priorRate(agentId)) / (recent.length + PSEUDO_TASKS);
}

/** The same of a full window only: pseudo-tasks would hide a bad start. Undefined until the window is full. */
export const fullWindowRate = (recent: readonly Pick<Judged, 'share'>[]): number | undefined =>
  recent.length < REPUTATION_WINDOW ? undefined : sumOfShares(recent) / recent.length;

/** 1.2 + (rate − 0.7) × 4, clamped to 1.2..2.0, in basis points. */
export function reputationBp(agentId: string, recent: readonly Pick<Judged, 'share'>[]): number {
  const raw = MIN_REPUTATION_BP + (successRate(agentId, recent) - LOWEST_RATE) * BP_PER_RATE;
  return Math.min(MAX_REPUTATION_BP, Math.max(MIN_REPUTATION_BP, Math.round(raw)));
}
