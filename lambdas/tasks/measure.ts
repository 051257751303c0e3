import type { CreateTaskBody } from '../../contracts/api/task-bodies.ts';
import type { Kind } from '../../contracts/entities/common.ts';
import type { Column, NumberForm } from '../../contracts/entities/column.ts';
import type { ReadyFile } from '../../contracts/entities/file.ts';
import { DukeError } from '../../contracts/errors.ts';
import { COMPLEXITY, LIMITS, MAX_EXAMPLES, MIN_LABELS } from '../../contracts/limits.ts';
import { kindOf } from '../../contracts/rules/answer-type.ts';
import { targetOf } from '../../contracts/rules/target.ts';
import { addSizes, complexityNeeded, sizeOfFiles } from '../../contracts/rules/task-size.ts';
import type { TaskSize } from '../../contracts/rules/task-size.ts';
import { notLookingMissing } from '../../contracts/values/choose-missing.ts';
import { distinctLabels, labelFinder } from '../../contracts/values/labels.ts';
import { own } from '../../contracts/values/own.ts';
import { canonicalJson, sha256 } from '../shared/ids.ts';
import { labelOptionsOf } from './label-options.ts';
import type { LabelOptions } from './label-options.ts';
import { isTableFile } from './tables.ts';
import type { TableFile } from './tables.ts';
import { answerOf, inlineTarget, wholeTarget } from './target.ts';

/** Fewer examples cannot calibrate an interval; Duke MM rejects such a task. */
const MIN_NUMERIC_EXAMPLES = 3;

/** The size and form of a task, derived from its body and the metadata of its files. */
export interface Measure {
  readonly kind: Kind;
  /** Why this kind was inferred; undefined if the buyer named it. */
  readonly kindReason: string | undefined;
  /** Number format of the examples of a regression. */
  readonly answerForm: NumberForm | undefined;
  readonly labels: string[] | undefined;
  readonly labelOptions: LabelOptions;
  readonly itemCount: number;
  readonly exampleCount: number;
  readonly fieldNames: string[];
}

const unprocessable = (path: string, message: string): never => {
  throw new DukeError('validation_failed', message, { errors: [{ path, message }] });
};

/**
 * Counts items and examples and infers kind and labels, without opening a file.
 * If a table is attached, the other files are media that its cells refer to; otherwise each file is an item.
 * @throws DukeError validation_failed, no_items, complexity_too_low, too_many_examples
 */
export function measureTask(body: CreateTaskBody, files: readonly ReadyFile[]): Measure {
  const tables = files.filter(isTableFile);
  const targets = targetColumns(body, tables);
  const inline = inlineTarget(body, body);
  checkMissing(body, [...targets, inline]);
  const attached = sizeOfFiles(
    files.map(({ metadata }) => metadata),
    body,
  );
  const size = addSizes([attached, inlineSize(body, inline)]);
  checkSize(body, size);

  const whole = wholeTarget(targets, inline);
  const { kind, reason } = kindOf(body, whole);
  const labels = kind === 'classification' ? labelsOf(body, [...targets, inline]) : undefined;
  return {
    kind,
    kindReason: reason,
    answerForm: kind === 'regression' ? whole?.form : undefined,
    labels,
    labelOptions: labelOptionsOf(body, labels),
    itemCount: size.items,
    exampleCount: size.examples,
    fieldNames: fieldNamesOf(body, tables, tables.length === 0 && files.length > 0),
  };
}

/** Inline items whose target is filled are examples, as rows are. */
function inlineSize({ items, examples, target }: CreateTaskBody, inline: Column): TaskSize {
  const answered =
    target === undefined
      ? 0
      : items.filter(({ fields }) => answerOf(own(fields, target), inline) !== undefined).length;
  return { items: items.length - answered, examples: examples.length + answered };
}

function checkMissing({ target, missing }: CreateTaskBody, columns: readonly Column[]): void {
  if (missing === undefined) return;
  // For a table with very many columns the inspection stores `missing` but not the other candidates.
  if (columns.some((column) => column.missing && !column.look_missing))
    unprocessable(
      'missing',
      'the table has too many columns for a choice; blank those cells, or fill them, instead',
    );
  if (target === undefined) unprocessable('missing', 'name the target whose texts count as blank');
  const unlisted = notLookingMissing(columns, missing);
  if (unlisted.length === 0) return;
  const looks = [
    ...new Set(columns.flatMap(({ look_missing: texts = [] }) => texts.map(({ text }) => text))),
  ];
  unprocessable(
    'missing',
    `"${unlisted[0]}" cannot count as blank in "${target}"; ${looks.length > 0 ? looks.map((text) => `"${text}"`).join(', ') : 'no text of this column'} can`,
  );
}

/**
 * Rejects, before money is held, a question that Duke MM could only guess. Takes the larger of the two counts, not their
 * sum, because the model drops recalled items that repeat the task's own examples.
 * @param recalled number of items the buyer confirmed in earlier tasks of the same question
 * @throws DukeError validation_failed
 */
export function checkExamples({ kind, exampleCount }: Measure, recalled: number): void {
  const needed = kind === 'regression' ? MIN_NUMERIC_EXAMPLES : 1;
  if (Math.max(exampleCount, recalled) >= needed) return;
  unprocessable(
    'examples',
    kind === 'regression'
      ? `numbers are learned from examples: give at least ${needed}, or confirm as many answers to the same question`
      : 'items without words (pictures, sounds, numbers) are learned from examples: give some of each label, or name an agent (preferred_agent)',
  );
}

/**
 * The family of a task: hash of buyer, kind, labels or target, and field names. Families are per buyer; pooling across
 * buyers has not been shown to help.
 */
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
  const columns = tables.flatMap((table) => targetOf(table.metadata, body) ?? []);
  if (columns.length === 0) {
    const names = [...new Set(tables.flatMap((file) => file.metadata.columns.map((column) => column.name)))];
    unprocessable(
      'target',
      `no attached table has a column "${target}"; there is ${names.slice(0, 20).join(', ')}`,
    );
  }
  return columns;
}

function checkSize(body: CreateTaskBody, { items, examples }: TaskSize): void {
  if (items === 0) {
    const all = examples > 0 ? `all ${examples} rows have their target filled` : 'give items or files';
    throw new DukeError('no_items', `Nothing is left to answer: ${all}.`);
  }
  if (examples > MAX_EXAMPLES) {
    throw new DukeError('too_many_examples', `${examples} examples; ${MAX_EXAMPLES} at most.`);
  }
  const needed = complexityNeeded(items);
  if (needed <= body.complexity) return;
  const advice =
    needed <= COMPLEXITY.max
      ? `this needs complexity ${needed}`
      : `split the task: ${LIMITS.items.value.toLocaleString('en')} items at most`;
  throw new DukeError('complexity_too_low', `${items} items at complexity ${body.complexity}: ${advice}.`, {
    errors: [{ path: 'complexity', message: advice }],
  });
}

function labelsOf(body: CreateTaskBody, columns: readonly Column[]): string[] {
  const tooMany = columns.some((column) => column.type !== 'empty' && column.values === undefined);
  const found = distinctLabels(columns.flatMap((column) => column.values ?? []));
  if (body.labels) {
    const find = labelFinder(body.labels);
    const unlisted = found.filter((label) => find(label) === undefined);
    if (unlisted.length > 0 || tooMany) {
      const which = unlisted.slice(0, 5).join(', ') || 'more than 200 different answers';
      unprocessable('labels', `the examples use answers that are not among the labels: ${which}`);
    }
    return body.labels;
  }
  if (tooMany || found.length > LIMITS.labels.value)
    unprocessable('labels', `there are more than ${LIMITS.labels.value} different answers`);
  const unfit = found.find((label) => label.trim() === '' || label.length > LIMITS.label.value);
  if (unfit !== undefined)
    unprocessable(
      'labels',
      `"${unfit.slice(0, 40)}…" is no label: a label has 1 to ${LIMITS.label.value} characters`,
    );
  if (found.length < MIN_LABELS)
    unprocessable('labels', 'name at least two labels, or give examples of at least two');
  return found.sort();
}

function fieldNamesOf(body: CreateTaskBody, tables: readonly TableFile[], documents: boolean): string[] {
  const names = [
    ...tables.flatMap((file) => file.metadata.columns.map((column) => column.name)),
    ...(documents ? ['document'] : []),
    ...body.items.flatMap((item) => [...Object.keys(item.fields ?? {}), ...Object.keys(item.files ?? {})]),
  ];
  return [...new Set(names)].filter((name) => name !== body.target).sort();
}
