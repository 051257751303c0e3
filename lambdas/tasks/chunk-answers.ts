import * as z from 'zod';
import type { SubmittedItem } from '../../contracts/api/agent-work.ts';
import { ResultItem } from '../../contracts/entities/result.ts';
import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { FieldError } from '../../contracts/errors.ts';
import { objects } from '../../contracts/naming.ts';
import { ItemPayload } from '../../contracts/serving/invocation.ts';
import { jsonLines, ObjectMissing } from '../shared/objects.ts';
import type { ObjectStore } from '../shared/objects.ts';
import { sha256 } from '../shared/ids.ts';
import { roundAnswers } from '../shared/round-answers.ts';
import { answerReader } from './answers.ts';
import { predictionFault } from './checks.ts';
import { readPart } from './parts.ts';

const ItemIds = z.array(z.array(z.string()));
/** Maximum number of faults that an error lists. */
const MAX_ERRORS = 50;

/** Ids of the items of each chunk. Stored on first use, so that a submission need not read the items themselves. */
export async function itemIdsOf(
  work: ObjectStore,
  task: Pick<Task, 'id'> & { readonly chunk_sizes: readonly number[] },
): Promise<string[][]> {
  const key = objects.itemIds(task.id);
  try {
    return ItemIds.parse(JSON.parse(await work.text(key)));
  } catch (error) {
    if (!(error instanceof ObjectMissing)) throw error;
  }
  const ids: string[][] = [];
  // Sequential: the items of a task may be large, their ids are not.
  for (const [i] of task.chunk_sizes.entries()) {
    const items = await readPart(work, objects.chunkItems(task.id, i + 1), ItemPayload);
    ids.push(items.map((item) => item.id));
  }
  await work.put(key, JSON.stringify(ids), 'application/json');
  return ids;
}

/** The answers in one submission to one chunk. */
export interface ChunkAnswers {
  /** From 1. */
  readonly chunk: number;
  /** Ids of all items of the chunk, in order. */
  readonly ids: readonly string[];
  readonly answers: ReadonlyMap<string, ResultItem>;
}

/**
 * Checks the answers like those of Duke MM, and groups them by chunk.
 * @throws DukeError validation_failed with a reason per invalid answer; then no answer is accepted
 */
export function sortByChunk(
  task: TaskIn<'assigned' | 'executing' | 'completed'>,
  ids: readonly (readonly string[])[],
  items: readonly SubmittedItem[],
): ChunkAnswers[] {
  const chunkOf = new Map(ids.flatMap((ofChunk, i) => ofChunk.map((id) => [id, i] as const)));
  const read = answerReader(task);
  const labels = new Set(task.labels);
  const errors: FieldError[] = [];
  const byChunk = new Map<number, Map<string, ResultItem>>();
  for (const [i, item] of items.entries()) {
    const chunk = chunkOf.get(item.id);
    if (chunk === undefined) {
      errors.push({ path: `items.${i}.id`, message: `the task has no item "${item.id.slice(0, 80)}"` });
      continue;
    }
    const prediction = read(item.prediction);
    const fault = predictionFault(task.kind, labels, prediction ?? item.prediction);
    if (prediction === undefined || fault !== undefined) {
      errors.push({ path: `items.${i}.prediction`, message: fault ?? 'not an answer to this task' });
      continue;
    }
    const answers = byChunk.get(chunk) ?? new Map<string, ResultItem>();
    byChunk.set(chunk, answers.set(item.id, resultItem(task, item, prediction)));
  }
  if (errors.length > 0) {
    const message = `${errors.length} of ${items.length} answers cannot be taken; none of this request was stored.`;
    throw new DukeError('validation_failed', message, { errors: errors.slice(0, MAX_ERRORS) });
  }
  return [...byChunk].map(([chunk, answers]) => ({ chunk: chunk + 1, ids: ids[chunk]!, answers }));
}

function resultItem(task: Task, item: SubmittedItem, prediction: string | number): ResultItem {
  const answer: ResultItem = {
    id: item.id,
    prediction,
    ...(item.confidence !== undefined && { confidence: item.confidence }),
    ...(item.explanation !== undefined && {
      explanation: { nearest: [], words: [], summary: item.explanation },
    }),
  };
  return roundAnswers(task, [answer])[0]!;
}

interface Draft {
  /** Content-addressed, so equal answers have equal keys. */
  readonly key: string;
  readonly lines: string;
  readonly answered: number;
}

/** Merges answers into the stored ones, in the order of the items. */
export async function mergedDraft(
  work: ObjectStore,
  task: Pick<Task, 'id' | 'attempt'>,
  { chunk, ids, answers }: ChunkAnswers,
  before: string | undefined,
): Promise<Draft> {
  const stored = before === undefined ? [] : await readPart(work, before, ResultItem);
  const all = new Map([...stored.map((item) => [item.id, item] as const), ...answers]);
  const lines = jsonLines(ids.flatMap((id) => all.get(id) ?? []));
  const key = objects.draft(task.id, task.attempt ?? 1, chunk, sha256(lines).slice(0, 16));
  return { key, lines, answered: all.size };
}

/** Stores answers merged with those stored before. */
export async function writeDraft(...args: Parameters<typeof mergedDraft>): Promise<Draft> {
  const [work] = args;
  const draft = await mergedDraft(...args);
  await work.put(draft.key, draft.lines, 'application/jsonl');
  return draft;
}
