import { setTimeout as sleep } from 'node:timers/promises';
import type { DukeNet } from '../../../client/typescript/src/index.ts';
import { judgedTask } from './buyer.ts';
import type { Judged } from './buyer.ts';
import type { AskFrozen } from './frozen.ts';
import { ITEMS_PER_TASK } from './sources.ts';
import type { Source } from './sources.ts';

export interface Desk {
  readonly api: DukeNet;
  readonly source: Source;
}

export interface Frozen {
  readonly version: string;
  readonly ask: AskFrozen;
}

export interface Course {
  readonly over: () => boolean;
  /** Whether the buyers wait before they post the next task. */
  readonly waiting: () => boolean;
  readonly judged: (task: Judged) => void;
  readonly signal: AbortSignal;
}

const WAIT_MS = 500;

/**
 * Runs all buyers concurrently, each with one task at a time. Ends when `over` or the signal says so; open tasks are
 * still judged, so that no money stays held.
 * @throws AggregateError with every error, after the other buyers have finished
 */
export async function stream(
  desks: readonly Desk[],
  frozen: Frozen,
  { over, waiting, judged, signal }: Course,
): Promise<void> {
  const faults: unknown[] = [];
  const ended = (): boolean => signal.aborted || faults.length > 0 || over();
  const work = async ({ api, source }: Desk): Promise<void> => {
    for (let from = 0; ; from += ITEMS_PER_TASK) {
      while (!ended() && waiting()) await sleep(WAIT_MS);
      if (ended()) return;
      const rows = source.rows.slice(from, from + ITEMS_PER_TASK);
      if (rows.length < ITEMS_PER_TASK) return;
      judged(await judgedTask(api, source, rows, frozen));
    }
  };
  await Promise.all(desks.map((desk) => work(desk).catch((error: unknown) => faults.push(error))));
  if (faults.length > 0) {
    const why = faults.map((fault) => (fault instanceof Error ? fault.message : String(fault)));
    throw new AggregateError(faults, why.join('; '));
  }
}
