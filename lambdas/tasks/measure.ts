import type { CreateTaskBody } from '../../contracts/api/tasks.ts';
import type { Kind } from '../../contracts/entities/common.ts';
import type { Column, ReadyFile } from '../../contracts/entities/file.ts';
import { DukeError } from '../../contracts/errors.ts';
import { LIMITS, MAX_EXAMPLES, MAX_ITEMS_PER_COMPLEXITY } from '../../contracts/limits.ts';
import { distinctLabels, labelFinder } from '../../contracts/values/labels.ts';
import { own } from '../../contracts/values/own.ts';
import { spellingOf } from '../../contracts/values/spelling.ts';
import { canonicalJson, sha256 } from '../shared/ids.ts';

/** Fewer examples say nothing about how far a number may be off; Duke MM refuses them (model/dukemm/serve/predict.py). */
const FEWEST_NUMBERS = 3;

/** What a task is, read from its body and from what the inspection found in its files. */
export interface Measure {
  readonly kind: Kind;
  readonly labels: string[] | undefined;
  readonly itemCount: number;
  readonly exampleCount: number;
  readonly fieldNames: string[];
}

type TableFile = ReadyFile & { metadata: Extract<ReadyFile['metadata'], { columns: Column[] }> };
export const isTable = (file: ReadyFile): file is TableFile => file.metadata.file_type !== 'text';

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
  const targets = targetColumns(body.target, tables);
  const inline = splitInline(body);
  const fromTables = tables.map((file) => {
    const filled =
      body.target === undefined
        ? 0
        : (file.metadata.columns.find((c) => c.name === body.target)?.filled ?? 0);
    return { items: file.metadata.rows - filled, examples: filled };
  });
  const documents = tables.length === 0 ? files.length : 0;
  const itemCount = documents + inline.items + fromTables.reduce((sum, t) => sum + t.items, 0);
  const exampleCount =
    body.examples.length + inline.examples + fromTables.reduce((sum, t) => sum + t.examples, 0);
  checkSizes(body, itemCount, exampleCount);

  const expected = [...body.examples.map((e) => e.expected), ...inline.expected];
  const kind = body.kind ?? inferKind(body, targets, expected);
  return {
    kind,
    labels: kind === 'classification' ? labelsOf(body, targets, expected) : undefined,
    itemCount,
    exampleCount,
    fieldNames: fieldNamesOf(body, tables, documents > 0),
  };
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

function targetColumns(target: string | undefined, tables: readonly TableFile[]): Column[] {
  if (target === undefined || tables.length === 0) return [];
  const columns = tables.flatMap((file) => file.metadata.columns.filter((column) => column.name === target));
  if (columns.length === 0) {
    const names = [...new Set(tables.flatMap((file) => file.metadata.columns.map((column) => column.name)))];
    unprocessable(
      'target',
      `no attached table has a column "${target}"; there is ${names.slice(0, 20).join(', ')}`,
    );
  }
  return columns;
}

/** Inline items whose target is filled are examples, as rows are. */
function splitInline(body: CreateTaskBody): {
  items: number;
  examples: number;
  expected: (string | number)[];
} {
  const { target } = body;
  if (target === undefined) return { items: body.items.length, examples: 0, expected: [] };
  const answers = body.items.flatMap((item) => inlineAnswer(own(item.fields, target)) ?? []);
  return { items: body.items.length - answers.length, examples: answers.length, expected: answers };
}

/** The answer in a target field, or undefined where it is blank. */
export function inlineAnswer(
  value: string | number | boolean | null | undefined,
): string | number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  const text = spellingOf(value).trim();
  return text === '' ? undefined : text;
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

function inferKind(
  body: CreateTaskBody,
  targets: readonly Column[],
  expected: readonly (string | number)[],
): Kind {
  if (body.labels) return 'classification';
  if (targets.length > 0) {
    const filled = targets.filter((column) => column.type !== 'empty');
    if (filled.length > 0 && filled.every((c) => c.type === 'integer' || c.type === 'number'))
      return 'regression';
    if (filled.length > 0 && filled.every((c) => c.values !== undefined)) return 'classification';
  }
  if (expected.length > 0 && targets.length === 0) {
    if (expected.every((answer) => typeof answer === 'number')) return 'regression';
    if (expected.every((answer) => String(answer).length <= 80) && new Set(expected).size <= 200)
      return 'classification';
  }
  return 'generation';
}

function labelsOf(
  body: CreateTaskBody,
  targets: readonly Column[],
  expected: readonly (string | number)[],
): string[] {
  const tooMany = targets.some((column) => column.type !== 'empty' && column.values === undefined);
  const seen = distinctLabels([
    ...targets.flatMap((column) => column.values ?? []),
    ...expected.map(spellingOf),
  ]);
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
