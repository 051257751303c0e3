import { DukeError } from '../../../contracts/errors.ts';
import { loop } from './loop.ts';
import type { Loop } from './loop.ts';
import { Crash, Saboteur } from './saboteur.ts';
import type { Fault } from './saboteur.ts';
import type { Lag } from './memory-table.ts';

/** A use case, ready to be called. Called again, it does the same with the same arguments. */
export type UseCase = () => Promise<unknown>;

/** One use case with what stands before it. Ids and clock are fixed, so that two runs of a scenario store the same. */
export interface Scenario {
  readonly name: string;
  /** Who repeats it: a client after a failure, or a queue or schedule, which may repeat it in any case. */
  readonly caller: 'client' | 'queue';
  /** What a client that repeats a request without an Idempotency-Key is told where the first one was done. */
  readonly toldOfRepetition?: unknown;
  /** The index is only read for proposals that a late one makes poorer, not wrong. */
  readonly poorerByLateIndex?: true;
  readonly arrange: (market: Loop) => Promise<UseCase>;
  /** What comes later in any case: the next call of a schedule, a request of the owner. */
  readonly afterwards?: (market: Loop) => Promise<unknown>;
}

export interface Disturbance {
  /** Number of the call that is disturbed, from 1; 0 for none. */
  readonly at: number;
  readonly fault: Fault;
}

export interface Played {
  /** How many calls of the table, the buckets, the queue, the model … the use case made. */
  readonly calls: number;
  /** What the last call of the use case answered; the code of a refusal. */
  readonly answer: unknown;
  readonly market: Loop;
}

const NONE: Disturbance = { at: 0, fault: 'before' };

/**
 * Prepares a marketplace and calls the use case in it. A call that fails is repeated, as its caller would repeat it.
 * @param lag of reads that are not consistent, until the first call has ended
 */
export async function play(
  scenario: Scenario,
  { at, fault }: Disturbance = NONE,
  lag?: Partial<Lag>,
): Promise<Played> {
  const saboteur = new Saboteur();
  const market = await loop(undefined, saboteur.wrap);
  if (lag) market.table.lagBehind(lag);
  const run = await scenario.arrange(market);
  saboteur.arm(at, fault);
  let answer = await answerOf(run);
  saboteur.disarm();
  const { calls } = saboteur;
  market.table.lagBehind({});
  if (answer instanceof Crash || scenario.caller === 'queue') answer = await answerOf(run);
  if (answer instanceof Crash) throw new Error('it crashed without a saboteur');
  await scenario.afterwards?.(market);
  return { calls, answer, market };
}

/** The answer; the code of a refusal; the crash. */
export async function answerOf(run: UseCase): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Crash) return error;
    if (error instanceof DukeError) return { refused: error.code };
    throw error;
  }
}

/** Everything stored, for comparison: records by key, objects by key, messages without duplicates. */
export function contentOf(market: Loop): Record<string, unknown> {
  const objects = [...market.uploads.objects, ...market.work.objects].map(
    ([key, body]): [string, unknown] => [`object ${key}`, body.toString('utf8')],
  );
  const messages = market.queue.map(({ message }): [string, unknown] => [
    `message ${JSON.stringify(message)}`,
    true,
  ]);
  return { ...recordsOf(market), ...Object.fromEntries([...objects, ...messages]) };
}

/** Records by key, and executions of the state machine. */
export function recordsOf(market: Loop): Record<string, unknown> {
  const executions = [...market.executions.all].map(([id, status]): [string, unknown] => [
    `execution ${id}`,
    status,
  ]);
  const records = [...market.table.items].map(([key, item]): [string, unknown] => {
    // Optimistic locking counts writes, so a repeated write of the same content counts too.
    const { revision: _revision, ...content } = { revision: undefined, ...item };
    return [key, content];
  });
  return Object.fromEntries([...records, ...executions]);
}
