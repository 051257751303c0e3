import type { CreateTaskBody } from '../../contracts/api/tasks.ts';
import type { Kind } from '../../contracts/entities/common.ts';
import type { Column, NumberForm } from '../../contracts/entities/column.ts';
import type { ReadyFile } from '../../contracts/entities/file.ts';
import { DukeError } from '../../contracts/errors.ts';
import { LIMITS, MAX_EXAMPLES, MAX_ITEMS_PER_COMPLEXITY } from '../../contracts/limits.ts';
import { inferAnswerType } from '../../contracts/values/answer-type.ts';
import { notLookingMissing } from '../../contracts/values/choose-missing.ts';
import { distinctLabels, labelFinder } from '../../contracts/values/labels.ts';
import { own } from '../../contracts/values/own.ts';
import { canonicalJson, sha256 } from '../shared/ids.ts';
import { isTable } from './tables.ts';
import type { TableFile } from './tables.ts';
import { answerOf, inlineTarget, targetOf, wholeTarget } from './target.ts';

export { isTable };

/** Fewer examples say nothing about how far a number may be off; Duke MM refuses them (model/dukemm/serve/predict.py). */
const FEWEST_NUMBERS = 3;

/** What a task is, read from its body and from what the inspection found in its files. */
export interface Measure {
  readonly kind: Kind;
  /** Why it is of this kind, where the buyer did not say. */
  readonly kindReason: string | undefined;
  /** Of a regression with examples: how its numbers are written. */
  readonly answerForm: NumberForm | undefined;
  readonly labels: string[] | undefined;
  readonly itemCount: number;
  readonly exampleCount: number;
  readonly fieldNames: string[];
}

const unprocessable = (path: string, message: string): never => {
  throw new DukeError('validation_failed', message, { errors: [{ path, message }] });
};

/**
 * Counts items and examples, infers kind and labels, without opening a file.
 * Where a table is attached, other files are media that its cells name; else each file is an item.
 * @throws DukeError validation_failed, no_items, complexity_too_low, too_many_examples
 */
export function measureTask(body: CreateTaskBody, files: readonly ReadyFile[]): Measure {
  const tables = files.filter(isTable);
  const targets = targetColumns(body, tables);
  const inline = inlineTarget(body, body);
  checkMissing(body, [...targets, inline]);
  const documents = tables.length === 0 ? files.length : 0;
  const counts = [...tables.map((table) => rowsOf(table, body)), inlineCounts(body, inline)];
  const itemCount = documents + counts.reduce((sum, { items }) => sum + items, 0);
  const exampleCount = counts.reduce((sum, { examples }) => sum + examples, 0);
  checkSizes(body, itemCount, exampleCount);

  const whole = wholeTarget(targets, inline);
  const { kind, reason } = kindOf(body, whole);
  return {
    kind,
    kindReason: reason,
    answerForm: kind === 'regression' ? whole?.form : undefined,
    labels: kind === 'classification' ? labelsOf(body, [...targets, inline]) : undefined,
    itemCount,
    exampleCount,
    fieldNames: fieldNamesOf(body, tables, documents > 0),
  };
}

interface Counts {
  readonly items: number;
  readonly examples: number;
}

/** Rows without any value are neither. */
function rowsOf(table: TableFile, body: CreateTaskBody): Counts {
  const { rows, blank_rows: blank = 0 } = table.metadata;
  const examples = targetOf(table, body)?.filled ?? 0;
  return { items: rows - blank - examples, examples };
}

/** Inline items whose target is filled are examples, as rows are. */
function inlineCounts({ items, examples, target }: CreateTaskBody, inline: Column): Counts {
  const answered =
    target === undefined
      ? 0
      : items.filter(({ fields }) => answerOf(own(fields, target), inline) !== undefined).length;
  return { items: items.length - answered, examples: examples.length + answered };
}

function checkMissing({ target, missing }: CreateTaskBody, columns: readonly Column[]): void {
  if (missing === undefined) return;
  // Of a table with very many columns the inspection keeps what is missing, and not what else could be.
  if (columns.some((column) => column.missing && !column.look_missing))
    unprocessable(
      'missing',
      'the table has too many columns for a choice; blank those cells, or fill them, instead',
    );
  if (target === undefined) unprocessable('missing', 'name the target whose texts count as blank');
  const strangers = notLookingMissing(columns, missing);
  if (strangers.length === 0) return;
  const looks = [
    ...new Set(columns.flatMap(({ look_missing: texts = [] }) => texts.map(({ text }) => text))),
  ];
  unprocessable(
    'missing',
    `"${strangers[0]}" cannot count as blank in "${target}"; ${looks.length > 0 ? looks.map((text) => `"${text}"`).join(', ') : 'no text of this column'} can`,
  );
}

/**
 * Whether numbers can be learned from what there is. Of what was confirmed, the model leaves out what the task's own
 * examples say too: the two do not add up.
 * @param recalled items that the buyer confirmed in earlier tasks of the same question
 * @throws DukeError validation_failed
 */
export function checkNumbers({ kind, exampleCount }: Measure, recalled: number): void {
  if (kind !== 'regression' || Math.max(exampleCount, recalled) >= FEWEST_NUMBERS) return;
  const advice = `give at least ${FEWEST_NUMBERS}, or confirm as many answers to the same question`;
  unprocessable('examples', `numbers are learned from examples: ${advice}`);
}

/** Per buyer until pooling is measured to help: who asks, for what kind of answer, over which fields. */
export function familyOf(buyerId: string, measure: Measure, target: string | undefined): string {
  const subject =
    measure.kind === 'classification' && measure.labels
      ? measure.labels.map((label) => label.trim().toLowerCase()).sort()
      : (target?.trim().toLowerCase() ?? null);
  const identity = canonicalJson([buyerId, measure.kind, subject, measure.fieldNames]);
  return `fam_${sha256(identity).slice(0, 24)}`;
}

function targetColumns(body: CreateTaskBody, tables: readonly TableFile[]): Column[] {
  const { target } = body;
  if (target === undefined || tables.length === 0) return [];
  const columns = tables.flatMap((table) => targetOf(table, body) ?? []);
  if (columns.length === 0) {
    const names = [...new Set(tables.flatMap((file) => file.metadata.columns.map((column) => column.name)))];
    unprocessable(
      'target',
      `no attached table has a column "${target}"; there is ${names.slice(0, 20).join(', ')}`,
    );
  }
  return columns;
}

function checkSizes(body: CreateTaskBody, itemCount: number, exampleCount: number): void {
  if (itemCount === 0) {
    const all =
      exampleCount > 0 ? `all ${exampleCount} rows have their target filled` : 'give items or files';
    throw new DukeError('no_items', `Nothing is left to answer: ${all}.`);
  }
  if (exampleCount > MAX_EXAMPLES) {
    throw new DukeError('too_many_examples', `${exampleCount} examples; ${MAX_EXAMPLES} at most.`);
  }
  const needed = Math.ceil(itemCount / MAX_ITEMS_PER_COMPLEXITY);
  if (needed <= body.complexity) return;
  const advice = needed <= 10 ? `this needs complexity ${needed}` : 'split the task: 2,500 items at most';
  throw new DukeError(
    'complexity_too_low',
    `${itemCount} items at complexity ${body.complexity}: ${advice}.`,
    {
      errors: [{ path: 'complexity', message: advice }],
    },
  );
}

/** What the buyer says; else what labels or the answers that are there tell. */
function kindOf(
  body: CreateTaskBody,
  answers: Column | undefined,
): { kind: Kind; reason: string | undefined } {
  if (body.kind) return { kind: body.kind, reason: undefined };
  if (body.labels) return { kind: 'classification', reason: 'labels are named' };
  return answers
    ? inferAnswerType(answers)
    : { kind: 'generation', reason: 'there is no example of an answer' };
}

function labelsOf(body: CreateTaskBody, columns: readonly Column[]): string[] {
  const tooMany = columns.some((column) => column.type !== 'empty' && column.values === undefined);
  const seen = distinctLabels(columns.flatMap((column) => column.values ?? []));
  if (body.labels) {
    const find = labelFinder(body.labels);
    const strangers = seen.filter((label) => find(label) === undefined);
    if (strangers.length > 0 || tooMany) {
      const which = strangers.slice(0, 5).join(', ') || 'more than 200 different answers';
      unprocessable('labels', `the examples use answers that are not among the labels: ${which}`);
    }
    return body.labels;
  }
  if (tooMany || seen.length > LIMITS.labels.value)
    unprocessable('labels', `there are more than ${LIMITS.labels.value} different answers`);
  const unfit = seen.find((label) => label.trim() === '' || label.length > LIMITS.label.value);
  if (unfit !== undefined)
    unprocessable(
      'labels',
      `"${unfit.slice(0, 40)}…" is no label: a label has 1 to ${LIMITS.label.value} characters`,
    );
  if (seen.length < 2) unprocessable('labels', 'name at least two labels, or give examples of at least two');
  return seen.sort();
}

function fieldNamesOf(body: CreateTaskBody, tables: readonly TableFile[], documents: boolean): string[] {
  const names = [
    ...tables.flatMap((file) => file.metadata.columns.map((column) => column.name)),
    ...(documents ? ['document'] : []),
    ...body.items.flatMap((item) => [...Object.keys(item.fields ?? {}), ...Object.keys(item.files ?? {})]),
  ];
  return [...new Set(names)].filter((name) => name !== body.target).sort();
}
