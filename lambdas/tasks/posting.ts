import type { CreateTaskBody } from '../../contracts/api/task-bodies.ts';
import { DUKE_MM } from '../../contracts/entities/common.ts';
import type { ReadyFile } from '../../contracts/entities/file.ts';
import { questionOf } from '../shared/question.ts';
import type { FileReference, FileStore } from '../shared/stores/file-store.ts';
import type { RecallStore } from '../shared/stores/recall-store.ts';
import { assertDoable } from './doable.ts';
import { checkExamples, familyOf, measureTask } from './measure.ts';
import type { Measure } from './measure.ts';
import { areWithoutWords } from './words.ts';

export interface PostingDependencies {
  readonly files: FileStore;
  readonly recalls: RecallStore;
}

/** A valid request, with what follows from it and from the metadata of its files. */
export interface Posting {
  readonly measure: Measure;
  readonly family: string;
  /** Every file that the request refers to. */
  readonly files: readonly ReadyFile[];
}

/**
 * Checks that a task can be posted, without opening a file or writing anything.
 * @throws DukeError file_not_usable, no_items, complexity_too_low, validation_failed …
 */
export async function checkPosting(
  deps: PostingDependencies,
  buyerId: string,
  body: CreateTaskBody,
  used: readonly FileReference[],
): Promise<Posting> {
  const files = await deps.files.usable(used, buyerId);
  const attached = files.filter((file) => body.files.includes(file.id));
  const measure = measureTask(body, attached);
  assertDoable(body, attached, measure);
  const family = familyOf(buyerId, measure, body.target);
  if (needsExamples(body, files, measure)) {
    const recall = await deps.recalls.of(questionOf({ ...body, family }));
    checkExamples(measure, recall?.snapshot?.count ?? 0);
  }
  return { measure, family, files };
}

/** Whether Duke MM could only guess without examples. An agent whom the buyer named needs none. */
function needsExamples(body: CreateTaskBody, files: readonly ReadyFile[], { kind }: Measure): boolean {
  if (kind === 'regression') return true;
  const isForAgent = body.preferred_agent !== undefined && body.preferred_agent !== DUKE_MM;
  return kind === 'classification' && !isForAgent && areWithoutWords(body, files);
}
