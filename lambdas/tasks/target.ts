import type { InlineExample, InlineItem } from '../../contracts/entities/inline-item.ts';
import type { Column } from '../../contracts/entities/column.ts';
import type { TargetChoice } from '../../contracts/rules/target.ts';
import { chooseMissing } from '../../contracts/values/choose-missing.ts';
import { ColumnProfile } from '../../contracts/values/column-profile.ts';
import type { Cell } from '../../contracts/values/column-profile.ts';
import { mergeColumns } from '../../contracts/values/merge-columns.ts';
import { own } from '../../contracts/values/own.ts';
import { isMissing } from '../../contracts/values/blank.ts';
import { spellingOf } from '../../contracts/values/spelling.ts';

interface Inline {
  readonly items: readonly InlineItem[];
  readonly examples: readonly InlineExample[];
}

/**
 * Profiles the answers given inline, in the target field of items and in `expected` of examples, as one column. Its row
 * numbers count the items and then the examples. The answer of an example never counts as missing.
 */
export function inlineTarget({ items, examples }: Inline, { target, missing }: TargetChoice): Column {
  const profile = new ColumnProfile(target ?? 'expected');
  if (target !== undefined) items.forEach(({ fields }, i) => profile.add(own(fields, target), i + 1));
  examples.forEach(({ expected }, i) => profile.add(expected, items.length + i + 1));
  const column = profile.toColumn();
  const answers = new Set(examples.map(({ expected }) => spellingOf(expected).trim()));
  const chosen = (missing ?? column.missing ?? []).filter((text) => !answers.has(text));
  return chooseMissing(column, chosen);
}

/** All answers that come with a task, from tables and inline, as one column; undefined if there are none. */
export const wholeTarget = (tables: readonly Column[], inline: Column): Column | undefined =>
  mergeColumns(inline.filled > 0 || inline.look_missing ? [...tables, inline] : tables);

/** The answer in a target cell; undefined if the cell is blank or means a missing value. */
export function answerOf(cell: Cell, column: Pick<Column, 'missing'>): string | number | undefined {
  if (cell === null || cell === undefined || isMissing(cell, column)) return undefined;
  return typeof cell === 'number' ? cell : spellingOf(cell).trim();
}
