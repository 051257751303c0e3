import { encodingOf, kindOfName, type FileKind } from '../../../../contracts/rules/file-kinds.ts';
import { markedEncoding, unmarkedUtf16 } from '../../../../contracts/values/byte-order-marks.ts';
import { own } from '../../../../contracts/values/own.ts';
import type { File as StoredFile } from '../../lib/api/types.ts';

type FileMetadata = StoredFile['metadata'];

/** Bytes read from the start of a file, however large it is. */
const LOOK_BYTES = 200_000;
const ROWS = 8;
const DELIMITERS = [',', ';', '\t', '|'];

type Beginning =
  | { kind: 'rows'; columns: string[]; rows: string[][] }
  | { kind: 'text'; text: string }
  /** A file that the browser can show itself. */
  | { kind: 'medium'; medium: 'image' | 'pdf' | 'audio' }
  | { kind: 'none'; reason: string };
/** The beginning of a file, and a note about how it was read. */
export type Preview = Beginning & { note?: string };

/** The most frequent delimiter in the first line, outside of quotes. */
export function delimiterOf(text: string): string {
  const bare = text.slice(0, 20_000).replace(/"[^"]*"/g, '');
  const line = bare.split(/\r?\n/, 1)[0] ?? '';
  const times = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, one) => (times(one) > times(best) ? one : best));
}

async function csvRows(text: string, metadata: FileMetadata): Promise<Beginning> {
  const { parse } = await import('csv-parse/browser/esm/sync');
  const csv = metadata?.file_type === 'csv' ? metadata : undefined;
  const comment = csv?.layout?.comment;
  const records: string[][] = parse(text, {
    delimiter: csv?.delimiter ?? delimiterOf(text),
    from_line: csv?.layout?.header_line ?? 1,
    ...(comment !== undefined && { comment, comment_no_infix: true }),
    to: ROWS + 1,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true, // the cut may go through the middle of a quoted cell
  });
  const [columns = [], ...rows] = records;
  return columns.length > 0
    ? { kind: 'rows', columns, rows }
    : { kind: 'none', reason: 'There are no rows.' };
}

/** Complete elements of a truncated JSON array. */
export function firstElements(text: string, limit: number): unknown[] {
  const elements: unknown[] = [];
  let depth = 0;
  let start = -1;
  let inString = false;
  for (let at = 0; at < text.length && elements.length < limit; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
      continue;
    }
    if (char === '"') inString = true;
    if (depth === 1 && start < 0 && !/[\s,\]]/.test(char ?? '')) start = at;
    if (char === '[' || char === '{') depth += 1;
    if (char === ']' || char === '}') depth -= 1;
    const ended = (depth === 1 && char === ',') || (depth === 0 && char === ']');
    if (start >= 0 && ended) {
      elements.push(JSON.parse(text.slice(start, at)));
      start = -1;
    }
  }
  return elements;
}

const cell = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Complete lines of JSON lines; the last one may be truncated. */
function firstLines(text: string): unknown[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(0, Math.min(ROWS, Math.max(1, lines.length - 1)))
    .map((line) => JSON.parse(line) as unknown);
}

function elementsOf(text: string, metadata: FileMetadata): unknown[] {
  if (metadata?.file_type === 'json' && metadata.layout?.rows_in === 'lines') return firstLines(text);
  if (text.trimStart().startsWith('[')) return firstElements(text, ROWS);
  try {
    return [JSON.parse(text) as unknown];
  } catch {
    return firstLines(text); // One object per line, which only the inspection knows for certain.
  }
}

function jsonRows(text: string, metadata: FileMetadata): Beginning {
  const elements = elementsOf(text, metadata);
  const columns = [...new Set(elements.flatMap((one) => (isRecord(one) ? Object.keys(one) : ['value'])))];
  const rows = elements.map((one) =>
    columns.map((column) => cell(isRecord(one) ? own(one, column) : column === 'value' ? one : '')),
  );
  return rows.length > 0 ? { kind: 'rows', columns, rows } : { kind: 'none', reason: 'The array is empty.' };
}

/** Whether the browser shows the rows of a local file itself. */
export const hasRowPreview = (kind: FileKind): boolean => kind === 'csv' || kind === 'json';

const firstCharacters = (text: string): Beginning => ({ kind: 'text', text: text.slice(0, 1000) });

const UNDECIDED =
  'This file is not UTF-8: which encoding it has is found out after the upload. Until then “\ufffd” stands for each byte that could not be read.';

/** The first bytes of a file. */
interface Opening {
  readonly bytes: Uint8Array;
  /** Whether these are all bytes of the file. */
  readonly whole: boolean;
}

/** Decodes the first bytes. Before the inspection only UTF-8 and UTF-16 are recognised; nothing is guessed. */
function decoded(
  { bytes, whole }: Opening,
  encoding: string | undefined,
): { readonly text: string; readonly note?: string } {
  const decode = (label: string, fatal: boolean) =>
    new TextDecoder(label, { fatal }).decode(bytes, { stream: !whole });
  const known = encoding ?? markedEncoding(bytes) ?? unmarkedUtf16(bytes);
  if (known !== undefined) return { text: decode(known, false) };
  try {
    return { text: decode('utf-8', true) };
  } catch {
    return { text: decode('utf-8', false), note: UNDECIDED }; // other bytes are no fault: the note says it
  }
}

type PreviewReader = (opening: Opening, metadata: FileMetadata) => Promise<Preview>;

/** The preview of a text-based kind. */
const ofCharacters =
  (read: (text: string, metadata: FileMetadata) => Beginning | Promise<Beginning>): PreviewReader =>
  async (opening, metadata) => {
    const { text, note } = decoded(opening, metadata ? encodingOf(metadata) : undefined);
    if (text.includes('\u0000')) return { kind: 'none', reason: 'This does not look like text.' };
    return { ...(await read(text, metadata)), ...(note !== undefined && { note }) };
  };

/** A kind of file without a preview does not compile. */
const PREVIEWS: { readonly [K in FileKind]: PreviewReader } = {
  csv: ofCharacters(csvRows),
  json: ofCharacters(jsonRows),
  text: ofCharacters(firstCharacters),
  xlsx: async () => ({ kind: 'none', reason: 'The sheet is read after the upload.' }),
  zip: async () => ({ kind: 'none', reason: 'The archive is opened after the upload.' }),
  image: async () => ({ kind: 'medium', medium: 'image' }),
  pdf: async () => ({ kind: 'medium', medium: 'pdf' }),
  audio: async () => ({ kind: 'medium', medium: 'audio' }),
};

/**
 * The first rows of a local file. Errors are shown, never thrown.
 * @param metadata findings of the inspection, once it is done: encoding and layout to read the file with
 */
export async function previewOf(
  file: Blob,
  filename: string,
  metadata: FileMetadata = null,
): Promise<Preview> {
  const bytes = new Uint8Array(await file.slice(0, LOOK_BYTES).arrayBuffer());
  const kind = metadata?.file_type ?? kindOfName(filename) ?? 'text';
  try {
    return await PREVIEWS[kind]({ bytes, whole: bytes.byteLength === file.size }, metadata);
  } catch (error) {
    return { kind: 'none', reason: error instanceof Error ? error.message : 'It cannot be read here.' };
  }
}
