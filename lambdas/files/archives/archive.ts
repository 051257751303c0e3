import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { open } from 'yauzl';
import type { Entry, ZipFile, ZipFileOptions } from 'yauzl';
import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertNothingHidden } from '../hidden.ts';
import type { Upload } from '../upload.ts';

export interface ArchiveLimits {
  readonly entries: number;
  /** Bytes of all entries together, decompressed. */
  readonly bytes: number;
}

/** Header of an entry, without its name and its further fields. */
const LOCAL_HEADER = 30;
const STORED = 0;
const DEFLATED = 8;
const SYMBOLIC_LINK = 0o12;

const openZip = promisify<string, object, ZipFile>(open);

/** A ZIP archive on disk whose directory was checked. */
export class Archive {
  readonly entries: readonly Entry[];
  readonly #zip: ZipFile;

  constructor(zip: ZipFile, entries: readonly Entry[]) {
    this.#zip = zip;
    this.entries = entries;
  }

  find(name: string): Entry | undefined {
    return this.entries.find(({ fileName }) => fileName === name);
  }

  /** The content as a stream, which fails if it has another size than the directory says. */
  async stream(entry: Entry): Promise<Readable> {
    const openStream = promisify(
      (options: ZipFileOptions, done: (error: Error | null, stream: Readable) => void) =>
        this.#zip.openReadStream(entry, options, done),
    );
    return asUnreadable(openStream({}));
  }

  /** The whole content. @throws Unreadable if it is larger than a limit, or its checksum is wrong */
  async read(entry: Entry, limit: number): Promise<Buffer> {
    if (entry.uncompressedSize > limit)
      throw new Unreadable(`"${entry.fileName}" in the archive has more than ${limit} bytes.`);
    const content = await asUnreadable(bufferOf(await this.stream(entry)));
    if (crc32(content) !== entry.crc32) throw new Unreadable(`"${entry.fileName}" in the archive is broken.`);
    return content;
  }

  close(): void {
    this.#zip.close();
  }
}

async function bufferOf(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/**
 * Writes an upload to disk, checks it as an archive, and hands it to `use`. Errors of the archive become reasons.
 * @throws Unreadable
 */
export async function withArchive<T>(
  upload: Upload,
  limits: ArchiveLimits,
  use: (archive: Archive) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'archive-'));
  const path = join(folder, 'archive.zip');
  try {
    await pipeline(Readable.from(await upload.open()), createWriteStream(path));
    const archive = await opened(path, limits);
    try {
      return await use(archive);
    } finally {
      archive.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Unreadable */
async function opened(path: string, limits: ArchiveLimits): Promise<Archive> {
  const zip = await asUnreadable(
    openZip(path, { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true }),
  );
  try {
    if (zip.entryCount > limits.entries)
      throw new Unreadable(`The archive has ${zip.entryCount} entries; ${limits.entries} at most.`);
    assertNothingHidden(Buffer.from(zip.comment));
    const entries = await asUnreadable(entriesOf(zip));
    assertEntries(entries, zip, limits);
    return new Archive(zip, entries);
  } catch (error) {
    zip.close();
    throw error;
  }
}

function entriesOf(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', reject);
    zip.readEntry();
  });
}

/** Turns an error of yauzl (a name with a path, a directory outside of the file) into a reason. */
async function asUnreadable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw new Unreadable(`The archive is broken: ${(error as Error).message}.`, { cause: error });
  }
}

/** @throws Unreadable for entries that are links, encrypted, overlapping, named twice, or too large together */
function assertEntries(entries: readonly Entry[], zip: ZipFile, { bytes }: ArchiveLimits): void {
  const names = new Set<string>();
  for (const entry of entries) {
    const { fileName } = entry;
    if (names.has(fileName)) throw new Unreadable(`The archive has "${fileName}" twice.`);
    names.add(fileName);
    if (entry.isEncrypted()) throw new Unreadable('The archive is encrypted; remove its password first.');
    if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
      throw new Unreadable(`"${fileName}" is compressed in a way that is not read.`);
    if (entry.externalFileAttributes >>> 28 === SYMBOLIC_LINK)
      throw new Unreadable(`"${fileName}" is a link.`);
  }
  const together = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (together > bytes) throw new Unreadable(`The archive unpacks to ${together} bytes; ${bytes} at most.`);
  assertSideBySide(entries, zip);
}

/** Entries that share their bytes are a bomb; bytes before the first one are another file. */
function assertSideBySide(entries: readonly Entry[], zip: ZipFile): void {
  const inOrder = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  let end = 0;
  for (const { relativeOffsetOfLocalHeader: at, compressedSize, fileName } of inOrder) {
    if (at < end) throw new Unreadable('The archive has entries within each other.');
    if (end === 0 && at > 0) throw new Unreadable('The archive begins with something else.');
    end = at + LOCAL_HEADER + Buffer.byteLength(fileName) + compressedSize;
  }
  if (end > zip.fileSize) throw new Unreadable('The archive is truncated.');
}
