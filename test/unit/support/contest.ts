import { answerOf, recordsOf } from './scenario.ts';
import type { UseCase } from './scenario.ts';
import { loop } from './loop.ts';
import type { Loop } from './loop.ts';
import { Saboteur } from './saboteur.ts';

/** Two use cases that want the same thing at the same moment. */
export interface Contest {
  readonly name: string;
  readonly arrange: (market: Loop) => Promise<readonly [first: UseCase, second: UseCase]>;
}

interface Ended {
  /** Not the objects: a use case that comes too late leaves some that no record names. */
  readonly records: Record<string, unknown>;
  readonly answers: readonly unknown[];
}

const ended = (market: Loop, answers: readonly unknown[]): Ended => ({ records: recordsOf(market), answers });

/** One use case after the other. @param order which of them begins */
export async function inTurn(contest: Contest, order: 'first' | 'second'): Promise<Ended> {
  const market = await loop();
  const [first, second] = await contest.arrange(market);
  if (order === 'first') {
    const answer = await answerOf(first);
    return ended(market, [answer, await answerOf(second)]);
  }
  const answer = await answerOf(second);
  return ended(market, [await answerOf(first), answer]);
}

/**
 * The second use case, whole, right before the n-th call of the first.
 * @returns undefined if the first makes fewer calls
 */
export async function interleaved(contest: Contest, at: number): Promise<Ended | undefined> {
  const saboteur = new Saboteur();
  const market = await loop(undefined, saboteur.wrap);
  const [first, second] = await contest.arrange(market);
  let answer: unknown;
  let met = false;
  saboteur.arm(at, async () => {
    met = true;
    answer = await answerOf(second);
  });
  const answerOfFirst = await answerOf(first);
  saboteur.disarm();
  return met ? ended(market, [answerOfFirst, answer]) : undefined;
}
