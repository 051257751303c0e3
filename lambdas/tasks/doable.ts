import type { CreateTaskBody } from '../../contracts/api/task-bodies.ts';
import type { TableMetadata } from '../../contracts/entities/file-metadata.ts';
import type { Column } from '../../contracts/entities/column.ts';
import type { ReadyFile } from '../../contracts/entities/file.ts';
import { DukeError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { readBytes } from '../../contracts/rules/file-kinds.ts';
import { targetOf } from '../../contracts/rules/target.ts';
import { comparable } from '../../contracts/values/comparable.ts';
import { own } from '../../contracts/values/own.ts';
import { numberOf } from './answers.ts';
import { isBlank } from '../../contracts/values/blank.ts';
import { assertDistinctIds } from './item-ids.ts';
import type { Measure } from './measure.ts';
import { assertNamedFiles } from './named-files.ts';
import { isTableFile } from './tables.ts';
import { answerOf, inlineTarget } from './target.ts';

const refuse = (path: string, message: string): never => {
  throw new DukeError('validation_failed', message, { errors: [{ path, message }] });
};

/**
 * Rejects, before money is held, tasks that would fail later: duplicate ids, attached files with the same name, answers
 * that are not numbers, and tables too large to be read together.
 * @throws DukeError validation_failed
 */
export function assertDoable(body: CreateTaskBody, files: readonly ReadyFile[], { kind }: Measure): void {
  assertDistinctIds(body);
  assertDistinctNames(body, files);
  assertNamedFiles(body, files);
  assertReadable(body, files);
  body.examples.forEach(({ expected }, i) => {
    if (isBlank(expected))
      refuse(`examples.${i}.expected`, 'an example needs an answer, and this one is blank');
  });
  if (kind === 'regression') assertNumbers(body, files);
}

/** If a table is attached, the other files are media that its cells refer to by name. */
function assertDistinctNames(body: CreateTaskBody, files: readonly ReadyFile[]): void {
  if (!files.some(isTableFile)) return;
  const byName = Map.groupBy(
    files.filter((file) => !isTableFile(file)),
    (file) => comparable(file.filename),
  );
  for (const same of byName.values()) {
    const [first, second] = same;
    if (!first || !second) continue;
    const named = [...new Set([first.filename, second.filename])].map((name) => `"${name}"`).join(' and ');
    refuse(
      `files.${body.files.indexOf(second.id)}`,
      `${same.length} attached files are named ${named} (${first.id}, ${second.id}): a cell could mean either`,
    );
  }
}

function assertReadable(body: CreateTaskBody, files: readonly ReadyFile[]): void {
  const tables = files.filter(isTableFile);
  const together = tables.reduce((sum, file) => sum + readBytes(file), 0);
  const { tablesTogether, examplesTogether } = LIMITS;
  if (together > tablesTogether.value) {
    refuse(
      'files',
      `the tables hold ${together} bytes together; ${tablesTogether.value} at most: split the task`,
    );
  }
  const examples = tables.reduce((sum, file) => sum + exampleBytes(file.metadata, body.target), 0);
  if (examples > examplesTogether.value) {
    refuse(
      'files',
      `the rows whose target is filled may hold ${examples} bytes together; ${examplesTogether.value} at most: leave some out`,
    );
  }
}

/** Upper bound of the bytes of a table's examples. 0 for files inspected before row sizes were measured. */
function exampleBytes({ columns, row_bytes }: TableMetadata, target: string | undefined): number {
  const filled = columns.find((column) => column.name === target)?.filled ?? 0;
  if (!row_bytes) return 0;
  const names = columns.reduce((sum, { name }) => sum + Buffer.byteLength(JSON.stringify(name)), 0);
  return Math.min(row_bytes.all, filled * row_bytes.largest) + filled * names;
}

function assertNumbers(body: CreateTaskBody, files: readonly ReadyFile[]): void {
  const { target } = body;
  const inline = inlineTarget(body, body);
  const fault = (answer: string | number) =>
    `"${String(answer).slice(0, 80)}" is no number, which the answer of a regression is`;
  body.examples.forEach(({ expected }, i) => {
    if (numberOf(expected, inline.form) === undefined) refuse(`examples.${i}.expected`, fault(expected));
  });
  if (target === undefined) return;
  body.items.forEach(({ fields }, i) => {
    const answer = answerOf(own(fields, target), inline);
    if (answer !== undefined && numberOf(answer, inline.form) === undefined) {
      refuse(`items.${i}.fields.${target}`, fault(answer));
    }
  });
  for (const table of files.filter(isTableFile)) {
    const column = targetOf(table.metadata, body);
    if (!column || column.type === 'empty' || column.form) continue;
    if (column.type === 'integer' || column.type === 'number') continue;
    refuse(
      'target',
      `the column "${target}" of ${table.filename} is not one of numbers: ${whyNotNumbers(column)}`,
    );
  }
}

const whyNotNumbers = ({ not_number: cell, missing, look_missing: looks = [] }: Column): string => {
  const placeholder = looks.find(({ text }) => !missing?.includes(text));
  if (cell) return `row ${cell.row} holds "${cell.text}"`;
  return placeholder
    ? `"${placeholder.text}" counts as an answer`
    : 'they differ in their unit or their separators';
};
