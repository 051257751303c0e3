import type { Entry } from 'yauzl';
import { Unreadable } from '../../shared/tables/unreadable.ts';
import type { Archive } from './archive.ts';
import { readXml } from './xml.ts';

export interface Sheet {
  readonly name: string;
  /** Path of its part in the archive. */
  readonly path: string;
  readonly hidden: boolean;
}

export interface Workbook {
  readonly sheets: readonly Sheet[];
  /** Whether dates are counted from 1904 instead of 1900. */
  readonly from1904: boolean;
  readonly sharedTexts: readonly string[];
  /** Cell formats that show a number as a date, by index. */
  readonly dateFormats: ReadonlySet<number>;
}

const WORKBOOK = 'xl/workbook.xml';
const MAX_SHEETS = 200;
/** Bytes of all shared texts as XML; they are in memory together. */
const MAX_SHARED = 48 * 1024 * 1024;
/** Parts that run, or hold files. */
const PROGRAMS = /(?:^|\/)(?:vbaProject|vbaData|macrosheets|activeX|embeddings|ctrlProps|dialogsheets)/i;
const MACROS = /macroEnabled|ms-office\.vbaProject|addin/i;
/** Numbers of built-in formats of dates and times (ECMA-376, 18.8.30). */
const BUILT_IN_DATES = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

/** @throws Unreadable for a file that is not a workbook, is broken, or contains programs */
export async function readWorkbook(archive: Archive): Promise<Workbook> {
  assertNoPrograms(archive);
  if (!archive.find(WORKBOOK)) throw new Unreadable('The file is a ZIP archive, not an Excel workbook.');
  let isMacro = false;
  await part(archive, '[Content_Types].xml', {
    open: (_, { ContentType = '' }) => (isMacro ||= MACROS.test(ContentType)),
  });
  if (isMacro) throw new Unreadable('The workbook holds macros; save it as .xlsx without them.');
  const targets = await targetsOf(archive);
  const sheets: Sheet[] = [];
  let from1904 = false;
  await part(archive, WORKBOOK, {
    open(name, { name: sheet, state, 'r:id': id, date1904 }) {
      if (name === 'workbookPr') from1904 = date1904 === '1' || date1904 === 'true';
      const path = id === undefined ? undefined : targets.get(id);
      if (name === 'sheet' && sheet !== undefined && path !== undefined && /worksheets\//.test(path))
        sheets.push({ name: sheet, path, hidden: state !== undefined && state !== 'visible' });
      if (sheets.length > MAX_SHEETS)
        throw new Unreadable(`The workbook has more than ${MAX_SHEETS} sheets.`);
    },
  });
  if (sheets.length === 0) throw new Unreadable('The workbook has no sheets.');
  return {
    sheets,
    from1904,
    sharedTexts: await sharedTexts(archive),
    dateFormats: await dateFormats(archive),
  };
}

function assertNoPrograms({ entries }: Archive): void {
  const found = entries.find(({ fileName }) => PROGRAMS.test(fileName));
  if (found)
    throw new Unreadable(
      `The workbook holds macros or embedded files (${found.fileName}); save it without them.`,
    );
}

async function part(archive: Archive, path: string, handlers: Parameters<typeof readXml>[1]): Promise<void> {
  const entry = archive.find(path);
  if (entry) await readXml(await archive.stream(entry), handlers);
}

/** Paths of parts by the ids of their relationships. */
async function targetsOf(archive: Archive): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  await part(archive, 'xl/_rels/workbook.xml.rels', {
    open(name, { Id, Target, TargetMode }) {
      if (name !== 'Relationship' || Id === undefined || Target === undefined || TargetMode === 'External')
        return;
      targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`);
    },
  });
  return targets;
}

async function sharedTexts(archive: Archive): Promise<string[]> {
  const texts: string[] = [];
  let text = '';
  let depth = 0;
  let isReading = false;
  assertShared(archive.find('xl/sharedStrings.xml'));
  await part(archive, 'xl/sharedStrings.xml', {
    open(name) {
      if (name === 'si') text = '';
      // How a text is pronounced (rPh) is not its content.
      if (name === 'rPh') depth += 1;
      isReading = name === 't' && depth === 0;
    },
    text(piece) {
      if (isReading) text += piece;
    },
    close(name) {
      if (name === 'si') texts.push(text);
      if (name === 'rPh') depth -= 1;
      isReading = false;
    },
  });
  return texts;
}

function assertShared(entry: Entry | undefined): void {
  if (entry && entry.uncompressedSize > MAX_SHARED)
    throw new Unreadable('The workbook has too many texts; save the sheet as CSV.');
}

async function dateFormats(archive: Archive): Promise<ReadonlySet<number>> {
  const dates = new Set(BUILT_IN_DATES);
  const found = new Set<number>();
  let inCells = false;
  let index = 0;
  await part(archive, 'xl/styles.xml', {
    open(name, { numFmtId, formatCode }) {
      if (name === 'numFmt' && isDate(formatCode ?? '')) dates.add(Number(numFmtId));
      if (name === 'cellXfs') inCells = true;
      if (name !== 'xf' || !inCells) return;
      if (dates.has(Number(numFmtId))) found.add(index);
      index += 1;
    },
    close(name) {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return found;
}

/** A format code with a letter of a date outside of quotes, brackets and escapes. */
const isDate = (code: string): boolean =>
  /[ymdhs]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\.|_./g, '').replace(/general/i, ''));
