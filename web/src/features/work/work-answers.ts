import { ApiError } from '../../lib/api/problem.ts';
import type { Item, Submission, Task } from '../../lib/api/types.ts';
import type { ValueFormat } from '../../lib/saved/kept-value.ts';

/** An answer that the agent has given to an item, in this browser. */
export interface WorkAnswer {
  readonly prediction: string | number;
  /** The agent is not sure of it. */
  readonly unsure?: true;
  /** The server has it; absent once it was changed again. */
  readonly sent?: true;
}
/** By id of the item. A map: an id may be `constructor`. */
export type WorkAnswers = ReadonlyMap<string, WorkAnswer>;

/** What an agent that marks an answer as unsure is taken to mean. Without a mark no confidence is sent. */
const UNSURE_CONFIDENCE = 0.5;
/** A request may have one megabyte; this leaves room for what encodes to several bytes. */
const MAX_REQUEST_CHARACTERS = 300_000;

const isEntry = (value: unknown): value is [string, Record<string, unknown>] =>
  Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'object' && value[1] !== null;

function parse(stored: unknown): WorkAnswers {
  const answers = new Map<string, WorkAnswer>();
  for (const entry of Array.isArray(stored) ? stored : []) {
    if (!isEntry(entry)) continue;
    const [id, { prediction, unsure, sent }] = entry;
    if (typeof prediction !== 'string' && typeof prediction !== 'number') continue;
    answers.set(id, {
      prediction,
      ...(unsure === true && { unsure }),
      ...(sent === true && { sent }),
    });
  }
  return answers;
}

export const WORK_ANSWERS: ValueFormat<WorkAnswers> = { parse, serialize: (answers) => [...answers] };

export function withAnswer(answers: WorkAnswers, id: string, answer: WorkAnswer | undefined): WorkAnswers {
  const next = new Map(answers);
  if (answer) next.set(id, answer);
  else next.delete(id);
  return next;
}

/** Marks answers as sent, except those that were changed meanwhile. */
export const withSent = (
  answers: WorkAnswers,
  items: readonly { readonly id: string; readonly prediction: string | number }[],
): WorkAnswers =>
  items.reduce((all, { id, prediction }) => {
    const answer = all.get(id);
    return answer?.prediction === prediction ? withAnswer(all, id, { ...answer, sent: true }) : all;
  }, answers);

type SubmittedItems = NonNullable<Submission['items']>;

/** The answers that the server does not have yet, in the order of the items, as far as one request holds them. */
export function unsentAnswers(items: readonly Pick<Item, 'id'>[], answers: WorkAnswers): SubmittedItems {
  let characters = 0;
  const unsent: SubmittedItems = [];
  for (const { id } of items) {
    const answer = answers.get(id);
    if (!answer || answer.sent) continue;
    characters += id.length + String(answer.prediction).length;
    if (unsent.length > 0 && characters > MAX_REQUEST_CHARACTERS) break;
    unsent.push({
      id,
      prediction: answer.prediction,
      ...(answer.unsure && { confidence: UNSURE_CONFIDENCE }),
    });
  }
  return unsent;
}

/** The first item after `index` that has no answer, from the beginning again at the end; -1 if all are answered. */
export function nextUnanswered(
  items: readonly Pick<Item, 'id'>[],
  answers: WorkAnswers,
  index: number,
): number {
  for (let step = 1; step <= items.length; step++) {
    const at = (index + step) % items.length;
    const item = items[at];
    if (item && !answers.has(item.id)) return at;
  }
  return -1;
}

const ITEM_PATH = /^items\.(\d+)(?:\.|$)/;

/** Why the server refused single answers, by id of the item. `sent` is what was sent. */
export function itemErrors(
  error: unknown,
  sent: readonly { readonly id: string }[],
): ReadonlyMap<string, string> {
  const errors = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  return new Map(
    errors.flatMap(({ path, message }): [string, string][] => {
      const [, index] = ITEM_PATH.exec(path) ?? [];
      const item = index === undefined ? undefined : sent[Number(index)];
      return item ? [[item.id, message]] : [];
    }),
  );
}

/** The answer that a text or a number of the form stands for; undefined if it is empty. */
export function answerOf(kind: Task['kind'], value: string | number): string | number | undefined {
  if (kind === 'regression') return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  return String(value).trim() === '' ? undefined : String(value);
}
