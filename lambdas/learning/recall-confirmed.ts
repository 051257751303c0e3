import type { Recall } from '../../contracts/entities/training.ts';
import type { Clock } from '../shared/clock.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { RecallStore } from '../shared/stores/recall-store.ts';
import { keyOf, renew } from './renew-recall.ts';

export interface RecallDependencies {
  readonly recalls: RecallStore;
  readonly work: ObjectStore;
  readonly clock: Clock;
}

/** Outcomes of one task, as they were written. */
export interface Confirmed {
  readonly question: string;
  readonly key: string;
  readonly size_bytes: number;
  /** How many of them the buyer confirmed by word. */
  readonly confirmed: number;
  readonly judged_at: string;
}

/** With so much more than the snapshot has there is a new one: whoever is given it has to be fitted anew. */
const GROWTH = 0.15;
/** Racing writers of one question: a few workers. */
const TRIES = 30;

/**
 * Keeps, question by question, the newest items that buyers have confirmed, for the tasks that ask the same again. What is
 * handed over twice, or late, changes nothing: of equal items the one that was confirmed last is kept.
 */
export async function recallConfirmed(
  deps: RecallDependencies,
  recorded: readonly Confirmed[],
): Promise<void> {
  const byQuestion = new Map<string, Confirmed[]>();
  for (const of of recorded.filter(({ confirmed }) => confirmed > 0)) {
    byQuestion.set(of.question, [...(byQuestion.get(of.question) ?? []), of]);
  }
  for (const [question, added] of byQuestion) await recall(deps, question, added);
}

async function recall(
  deps: RecallDependencies,
  question: string,
  added: readonly Confirmed[],
): Promise<void> {
  const superseded = new Set<string | undefined>();
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const before = await deps.recalls.of(question, { consistent: true });
    const known = before?.waiting ?? [];
    const fresh = added.filter(({ key }) => !known.some((of) => of.key === key));
    const waiting = [
      ...known,
      ...fresh.map(({ key, size_bytes, confirmed, judged_at }) => ({
        key,
        size_bytes,
        confirmed,
        judged_at,
      })),
    ];
    const next: Recall = {
      ...before,
      question,
      waiting,
      revision: (before?.revision ?? 0) + 1,
      updated_at: deps.clock().toISOString(),
    };
    const arrived = waiting.reduce((sum, { confirmed }) => sum + confirmed, 0);
    const renewed = arrived > GROWTH * (before?.snapshot?.count ?? 0) ? await renew(deps.work, next) : next;
    if (await deps.recalls.write(renewed)) {
      // A task that was planned two renewals ago and still waits is answered without.
      superseded.add(before?.replaced);
      return removeUnused(deps.work, superseded, renewed);
    }
    // Somebody else was faster: what was written for this try is nobody's.
    superseded.add(keyOf(renewed.snapshot));
  }
  throw new Error(`what is recalled of question ${question} was written by others ${TRIES} times in a row`);
}

async function removeUnused(
  work: ObjectStore,
  superseded: ReadonlySet<string | undefined>,
  now: Recall,
): Promise<void> {
  const used = [keyOf(now.snapshot), now.replaced];
  for (const key of superseded) {
    if (key !== undefined && !used.includes(key)) await work.remove(key);
  }
}
