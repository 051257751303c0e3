import type { CreateTaskBody } from '../../contracts/api/task-bodies.ts';
import type { ReadyFile } from '../../contracts/entities/file.ts';
import { FILE_KINDS } from '../../contracts/rules/file-kinds.ts';
import { isTableFile } from './tables.ts';
import type { TableFile } from './tables.ts';

/** A letter of any script, or an emoji. */
const WORD_SIGN = /[\p{L}\p{Extended_Pictographic}]/u;

/**
 * Whether the items are pictures, sounds, numbers or dates without any words, as far as can be told without opening a file.
 * From words, Duke MM can choose a label by the meaning of its name; anything else it learns by examples only.
 */
export function areWithoutWords(body: CreateTaskBody, files: readonly ReadyFile[]): boolean {
  const areNamedByColumns = files.some(isPictureOrSound);
  const haveWords =
    body.items.some(({ fields }) => hasWords(fields, body.target)) ||
    files.some((file) =>
      isTableFile(file) ? wordColumns(file, body) > (areNamedByColumns ? 1 : 0) : !isPictureOrSound(file),
    );
  return !haveWords;
}

const hasWords = (fields: CreateTaskBody['items'][number]['fields'], target: string | undefined): boolean =>
  Object.entries(fields ?? {}).some(
    ([name, value]) => name !== target && typeof value === 'string' && WORD_SIGN.test(value),
  );

function isPictureOrSound(file: ReadyFile): boolean {
  const { content } = FILE_KINDS[file.metadata.file_type];
  return content === 'picture' || content === 'sound';
}

/** Number of columns of text; where there are pictures or sounds, one of them holds their names. */
const wordColumns = ({ metadata }: TableFile, { target }: CreateTaskBody): number =>
  metadata.columns.filter(({ name, type }) => name !== target && type === 'text').length;
