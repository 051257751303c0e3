import type { ReactNode } from 'react';
import { parseMediumUri, type MediumRef } from '../../lib/media/medium-ref.ts';
import type { Row } from './use-rows.ts';

/** More columns do not fit beside answer and confidence. */
const MAX_COLUMNS = 4;
/** A cell shows one line of it. */
const CELL_CHARACTERS = 160;

/** The fields that the table has columns for: those that most items have, in the order of the first items. */
export function columnsOfRows(rows: readonly Row[]): string[] {
  const counts = new Map<string, number>();
  for (const { item } of rows)
    for (const name of Object.keys(item?.fields ?? {})) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts.keys()];
  if (names.length <= MAX_COLUMNS) return names;
  const frequent = new Set([...names].sort((a, b) => counts.get(b)! - counts.get(a)!).slice(0, MAX_COLUMNS));
  return names.filter((name) => frequent.has(name));
}

export const hasMedia = (rows: readonly Row[]): boolean =>
  rows.some(({ item }) => Object.keys(item?.media ?? {}).length > 0);

export const cellText = ({ item }: Row, column: string): string =>
  String(item?.fields[column] ?? '').slice(0, CELL_CHARACTERS);

/** A file of an item, as a cell of the table shows it. */
export interface MediumOfRow {
  readonly field: string;
  readonly name: ReactNode;
  /** What to draw a thumbnail of; undefined for a text, and for a file without an address here. */
  readonly drawable: MediumRef | undefined;
}

/** The files of an item, by name where the page knows it. */
export const mediaOfRow = ({ item }: Row, nameOf: (id: string) => ReactNode): MediumOfRow[] =>
  Object.entries(item?.media ?? {}).map(([field, { uri, file_type }]) => {
    const ref = parseMediumUri(uri);
    return {
      field,
      name: ref ? nameOf(ref.fileId) : field,
      drawable: file_type === 'text' ? undefined : ref,
    };
  });
