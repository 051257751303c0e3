import type { CreateTaskBody } from '../../contracts/api/task-bodies.ts';
import type { ReadyFile } from '../../contracts/entities/file.ts';
import { FILE_KINDS } from '../../contracts/rules/file-kinds.ts';
import { isTableFile } from './tables.ts';
import type { TableFile } from './tables.ts';

const LETTER = /\p{L}/u;

/**
 * Whether the items are pictures or sounds without any words, as far as can be told without opening a file. From words,
 * Duke MM can choose a label by the meaning of its name; pictures and sounds it learns by examples only.
 */
export function areOnlySeenOrHeard(body: CreateTaskBody, files: readonly ReadyFile[]): boolean {
  const haveWords =
    body.items.some(({ fields }) => hasLetters(fields, body.target)) ||
    files.some((file) => (isTableFile(file) ? wordColumns(file, body) > 1 : !isPictureOrSound(file)));
  return files.some(isPictureOrSound) && !haveWords;
}

const hasLetters = (fields: CreateTaskBody['items'][number]['fields'], target: string | undefined): boolean =>
  Object.entries(fields ?? {}).some(
    ([name, value]) => name !== target && typeof value === 'string' && LETTER.test(value),
  );

function isPictureOrSound(file: ReadyFile): boolean {
  const { content } = FILE_KINDS[file.metadata.file_type];
  return content === 'picture' || content === 'sound';
}

/** Columns of text; one of them holds the names of the pictures or sounds. */
const wordColumns = ({ metadata }: TableFile, { target }: CreateTaskBody): number =>
  metadata.columns.filter(({ name, type }) => name !== target && type === 'text').length;
