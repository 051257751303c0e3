import type { Recall } from '../../../contracts/entities/training.ts';
import type { Clock } from '../../shared/clock.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import { retry, RetryableError } from '../../shared/retry.ts';
import type { RecallStore } from '../../shared/stores/recall-store.ts';
import { keyOf, rebuildSnapshot, withoutTask } from './rebuild-snapshot.ts';

export interface RecallDependencies {
  readonly recalls: RecallStore;
  readonly work: ObjectStore;
  readonly clock: Clock;
}

/** A file with the outcomes of one task. */
export interface Confirmed {
  readonly question: string;
  readonly key: string;
  readonly size_bytes: number;
  /** How many of the outcomes the buyer confirmed explicitly. */
  readonly confirmed: number;
  readonly judged_at: string;
}

/** Rebuild the snapshot once newly confirmed items exceed this share of it; each rebuild costs a refit. */
const REBUILD_GROWTH = 0.15;
/** A few concurrent workers write the recall of one question. */
const ATTEMPTS = 30;

/**
 * Keeps, per question, the newest items that buyers have confirmed, as examples for later tasks that ask the same question.
 * Duplicate and late deliveries change nothing: of equal items the last confirmed one is kept.
 */
export async function recallConfirmed(
  deps: RecallDependencies,
  recorded: readonly Confirmed[],
): Promise<void> {
  const byQuestion = Map.groupBy(
    recorded.filter(({ confirmed }) => confirmed > 0),
    ({ question }) => question,
  );
  for (const [question, added] of byQuestion) await recall(deps, question, added);
}

async function recall(
  deps: RecallDependencies,
  question: string,
  added: readonly Confirmed[],
): Promise<void> {
  const superseded = new Set<string | undefined>();
  await retry(
    async () => {
      const before = await deps.recalls.of(question, { consistent: true });
      const next = withAdded(before, question, added, deps.clock());
      const arrived = next.waiting.reduce((sum, { confirmed }) => sum + confirmed, 0);
      const rebuild = arrived > REBUILD_GROWTH * (before?.snapshot?.count ?? 0);
      const written = rebuild ? await rebuildSnapshot(deps.work, next) : next;
      if (!(await deps.recalls.write(written))) {
        // Nothing references the snapshot of this attempt.
        superseded.add(keyOf(written.snapshot));
        throw new RetryableError(
          `the recall of question ${question} was changed by other writers ${ATTEMPTS} times in a row`,
        );
      }
      // A task that was planned two rebuilds ago and still waits is answered without examples.
      superseded.add(before?.replaced);
      await removeUnused(deps.work, superseded, written);
    },
    { attempts: ATTEMPTS },
  );
}

/** The outcomes of one task, as a recall holds them. */
export interface TaskOutcomes {
  readonly question: string;
  readonly resultId: string;
  /** Of the file with its outcomes. */
  readonly key: string;
}

/**
 * Removes the outcomes of one task from the recall of its question, and the snapshots that held them. Tasks under way that
 * were planned with such a snapshot are answered without it. Called after the file of the outcomes was deleted. It always
 * writes a revision: a writer that has read the file before has read an older revision, and starts again without the file.
 */
export async function forgetTask(
  deps: RecallDependencies,
  { question, resultId, key }: TaskOutcomes,
): Promise<void> {
  await retry(
    async () => {
      const before = await deps.recalls.of(question, { consistent: true });
      const next = withAdded(before, question, [], deps.clock());
      const written = await withoutTask(deps.work, next, resultId, key);
      const superseded = new Set([keyOf(before?.snapshot), before?.replaced]);
      if (!(await deps.recalls.write(written))) {
        await removeUnused(deps.work, new Set([keyOf(written.snapshot)]), before);
        throw new RetryableError(
          `the recall of question ${question} was changed by other writers ${ATTEMPTS} times in a row`,
        );
      }
      await removeUnused(deps.work, superseded, written);
    },
    { attempts: ATTEMPTS },
  );
}

/** The recall at its next revision, with the files that it does not list yet. */
function withAdded(
  before: Recall | undefined,
  question: string,
  added: readonly Confirmed[],
  now: Date,
): Recall {
  const listed = before?.waiting ?? [];
  const fresh = added.filter(({ key }) => !listed.some((file) => file.key === key));
  return {
    ...before,
    question,
    waiting: [
      ...listed,
      ...fresh.map(({ key, size_bytes, confirmed, judged_at }) => ({
        key,
        size_bytes,
        confirmed,
        judged_at,
      })),
    ],
    revision: (before?.revision ?? 0) + 1,
    updated_at: now.toISOString(),
  };
}

/** Deletes superseded snapshots that the recall does not reference any more. */
async function removeUnused(
  work: ObjectStore,
  superseded: ReadonlySet<string | undefined>,
  now: Recall | undefined,
): Promise<void> {
  const used = [keyOf(now?.snapshot), now?.replaced];
  for (const key of superseded) {
    if (key !== undefined && !used.includes(key)) await work.remove(key);
  }
}
