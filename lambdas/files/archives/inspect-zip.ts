import type { Entry } from 'yauzl';
import type { MetadataOf } from '../../../contracts/entities/file-metadata.ts';
import { FILE_KINDS, kindOfName, mediaTypeOfName } from '../../../contracts/rules/file-kinds.ts';
import { NamedMembers } from '../../../contracts/values/archive-members.ts';
import type { ArchiveMember } from '../../../contracts/values/archive-members.ts';
import { csvTable } from '../../shared/tables/csv-records.ts';
import { Unreadable } from '../../shared/tables/unreadable.ts';
import { fingerprint } from '../fingerprint.ts';
import { measureCsv, slicesOf } from '../measure-content.ts';
import { assertFormat } from '../media-format.ts';
import { readPdf } from '../pdf/inspect-pdf.ts';
import { isImageFormat, readPicture } from '../pictures/inspect-picture.ts';
import { isSoundFormat, readSound } from '../sounds/inspect-sound.ts';
import type { Upload } from '../upload.ts';
import { withArchive } from './archive.ts';
import type { Archive } from './archive.ts';

const LIMITS = { entries: 5_000, bytes: 400 * 1024 * 1024 };
/** Bytes of the CSV, which is in memory. */
const MAX_TABLE = 25 * 1024 * 1024;
/** What archivers and file managers add. */
const IGNORED = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)/;

/**
 * Inspects every member of an archive as if it were uploaded alone, and stores it beside the archive. Cells of its CSV that
 * hold the name of a member are that member.
 * @throws Unreadable
 */
export async function inspectZip(upload: Upload): Promise<MetadataOf<'zip'>> {
  assertFormat(upload, (format) => format === 'zip');
  return withArchive(upload, LIMITS, async (archive) => {
    const { table, media } = sorted(archive.entries);
    const members: ArchiveMember[] = [];
    for (const entry of media) {
      upload.checkTime();
      members.push(await inspected(archive, entry, upload));
    }
    const bytes = await archive.read(table, MAX_TABLE);
    const metadata = await measured(bytes, upload);
    const columns = await assertNamed(bytes, metadata, members);
    return {
      file_type: 'zip',
      ...metadata,
      columns,
      sha256: upload.print.sha256,
      table: table.fileName,
      members: members.length,
      manifest: await upload.keep(Buffer.from(JSON.stringify(members))),
      copy: await upload.keep(bytes),
    };
  });
}

/** @throws Unreadable for an archive without exactly one CSV, or with files that are neither it nor media */
function sorted(entries: readonly Entry[]): { table: Entry; media: Entry[] } {
  const files = entries.filter(({ fileName }) => !fileName.endsWith('/') && !IGNORED.test(fileName));
  const tables = files.filter(({ fileName }) => kindOfName(fileName) === 'csv');
  const media = files.filter(({ fileName }) => kindOfName(fileName) !== 'csv');
  const unfit = media.find(({ fileName }) => memberKind(fileName) === undefined);
  if (unfit)
    throw new Unreadable(`"${unfit.fileName}" in the archive is neither a picture, a PDF nor a sound.`);
  const [table] = tables;
  if (!table || tables.length > 1)
    throw new Unreadable(`The archive has ${tables.length} CSV files; it needs one, which names the media.`);
  if (media.length === 0) throw new Unreadable('The archive has no media; upload its CSV alone.');
  return { table, media };
}

function memberKind(name: string): ArchiveMember['file_type'] | undefined {
  const kind = kindOfName(name);
  return kind === 'image' || kind === 'pdf' || kind === 'audio' ? kind : undefined;
}

async function inspected(archive: Archive, entry: Entry, upload: Upload): Promise<ArchiveMember> {
  const { fileName: path } = entry;
  const file_type = memberKind(path)!;
  const bytes = await archive.read(entry, FILE_KINDS[file_type].maxBytes);
  try {
    const content = await contentOf(path, file_type, bytes);
    return { path, file_type, ...(await upload.keep(content)) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Unreadable(`"${path}" in the archive: ${error.message}`, { cause: error });
  }
}

/** What tasks read of a member. @throws Unreadable */
async function contentOf(
  path: string,
  file_type: ArchiveMember['file_type'],
  bytes: Buffer,
): Promise<Buffer> {
  const print = { head: bytes.subarray(0, 64 * 1024) };
  const announced = { file_type, filename: path, content_type: mediaTypeOfName(path)! };
  if (file_type === 'image') {
    const { clean } = await readPicture(bytes, assertFormat({ print, announced }, isImageFormat));
    return Buffer.concat(clean);
  }
  if (file_type === 'audio') readSound(bytes, assertFormat({ print, announced }, isSoundFormat));
  else readPdf(bytes);
  return bytes;
}

/** @throws Unreadable for a CSV that is not UTF-8: guessing encodings takes 1.2 MB of tables, which are elsewhere */
async function measured(bytes: Buffer, { checkTime }: Upload) {
  const { isUtf8, hasNul } = await fingerprint(slicesOf(bytes));
  if (!isUtf8 || hasNul) throw new Unreadable('The CSV in the archive is not UTF-8; save it as that.');
  const known = {
    encoding: 'utf-8',
    sha256: '',
    head: bytes.subarray(0, 64 * 1024),
    size: bytes.length,
    checkTime,
  };
  return { encoding: known.encoding, ...(await measureCsv(slicesOf(bytes), known)) };
}

type Measured = Awaited<ReturnType<typeof measured>>;

/**
 * Checks that every cell which is meant as a member is one, and that some are. Returns the columns: those that name
 * members need no further files.
 * @throws Unreadable
 */
async function assertNamed(
  bytes: Buffer,
  metadata: Measured,
  members: readonly ArchiveMember[],
): Promise<Measured['columns']> {
  const named = new NamedMembers(members);
  const naming = new Set<number>();
  const absent = new Map<number, { row: number; text: string }>();
  const { rows } = await csvTable(slicesOf(bytes), metadata);
  for await (const { cells, number } of rows) {
    for (const [column, cell] of cells.entries()) {
      const text = cell ?? '';
      if (named.find(text)) naming.add(column);
      else if (!absent.has(column) && named.isAbsent(text)) absent.set(column, { row: number, text });
    }
  }
  if (naming.size === 0) throw new Unreadable('No cell of the CSV holds the name of a file in the archive.');
  for (const [column, { row, text }] of absent) {
    if (naming.has(column))
      throw new Unreadable(
        `Row ${row} of the CSV names "${text.slice(0, 100)}", which is not in the archive.`,
      );
  }
  return metadata.columns.map((column, i) => {
    const { names_files: _, ...rest } = column;
    return naming.has(i) ? rest : column;
  });
}
