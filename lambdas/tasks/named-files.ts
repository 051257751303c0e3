import type { CreateTaskBody } from '../../contracts/api/task-bodies.ts';
import type { Column } from '../../contracts/entities/column.ts';
import type { ReadyFile } from '../../contracts/entities/file.ts';
import { DukeError } from '../../contracts/errors.ts';
import { namesAnAttachment, NamedFiles } from '../../contracts/values/file-names.ts';
import { isTableFile } from './tables.ts';
import type { TableFile } from './tables.ts';

interface NamedCell {
  readonly text: string;
  readonly row: number;
}

/** The first cell of each distinct file name in a column that contains only file names. */
const namesIn = ({ values = [], names_files: rows = [] }: Column): NamedCell[] =>
  rows.map((row, i) => ({ text: values[i] ?? '', row }));

const refuse = (path: string, message: string): never => {
  throw new DukeError('validation_failed', message, { errors: [{ path, message }] });
};

/**
 * Rejects a table whose cells name files that are not attached; otherwise the model would answer the bare names. If a
 * column has more distinct names than the inspection stores, `expandItems` rejects the row instead.
 * @throws DukeError validation_failed
 */
export function assertNamedFiles(
  { files: ids, target }: Pick<CreateTaskBody, 'files' | 'target'>,
  files: readonly ReadyFile[],
): void {
  const attached = new NamedFiles(files.filter((file) => !isTableFile(file)));
  for (const table of files.filter(isTableFile)) {
    const absent = absentFrom(table, target, attached);
    if (!absent) continue;
    refuse(
      `files.${ids.indexOf(table.id)}`,
      `row ${absent.row} of ${table.filename} names the file "${absent.text}" in "${absent.column}", and no such file is attached`,
    );
  }
}

function absentFrom(
  { metadata }: TableFile,
  target: string | undefined,
  attached: NamedFiles<ReadyFile>,
): (NamedCell & { column: string }) | undefined {
  const columns = metadata.columns.filter(({ name, filled }) => name !== target && filled > 0);
  // A table of only file names has no content of its own.
  const onlyNames = columns.every(({ names_files: rows }) => rows !== undefined);
  for (const column of columns) {
    const cells = namesIn(column);
    const named = cells.some(({ text }) => attached.find(text));
    const absent = cells.find(
      ({ text }) =>
        !attached.find(text) && (named || attached.isAbsent(text) || (onlyNames && namesAnAttachment(text))),
    );
    if (absent) return { ...absent, column: column.name };
  }
  return undefined;
}
