import type { PictureMetadata } from '../../../contracts/entities/file-metadata.ts';
import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertNothingAfter, assertNothingHidden } from '../hidden.ts';
import { TiffBytes, TYPE_BYTES } from './ifd.ts';
import type { Ifd, IfdEntry } from './ifd.ts';
import { RemovedMetadata } from './picture.ts';
import type { Picture } from './picture.ts';

const TAG = {
  width: 256,
  height: 257,
  compression: 259,
  stripOffsets: 273,
  stripBytes: 279,
  tileOffsets: 324,
  tileBytes: 325,
} as const;
/** Tags for the storage and display of pixels, such as orientation and colour profile (34675). */
const KEPT_PARTS = new Set([
  254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 282, 283, 284, 292, 293, 296, 301, 317, 318,
  319, 320, 322, 323, 324, 325, 338, 339, 347, 529, 530, 531, 532, 34675,
]);
const REMOVED_KIND: Readonly<Record<number, PictureMetadata>> = {
  270: 'text',
  700: 'xmp',
  33723: 'iptc',
  34377: 'iptc',
  34665: 'exif',
  34853: 'location',
};
/** Tags of raw photographs, whose first directory is a preview. */
const RAW = new Set([330, 50706]);
const OLD_JPEG = 6;

interface Page {
  readonly entries: readonly IfdEntry[];
  readonly width: number;
  readonly height: number;
  readonly data: readonly Buffer[];
  /** The end of the last part of the page in the file. */
  readonly end: number;
  /** The tag whose value says where the data lies. */
  readonly offsetsTag: number;
}

/**
 * Reads the pages of a TIFF, and writes a new one of their pixels and of the tags that pixels need: nothing else of the file
 * can be in the copy.
 * @throws Unreadable
 */
export function readTiff(bytes: Buffer, assertFrames: (frames: number) => void): Picture {
  const tiff = new TiffBytes(bytes);
  const removed = new RemovedMetadata();
  const pages: Page[] = [];
  const seen = new Set<number>();
  for (let at = tiff.first; at !== 0;) {
    if (seen.has(at)) throw new Unreadable('Broken picture: its pages form a circle.');
    seen.add(at);
    assertFrames(pages.length + 1);
    const directory = tiff.directory(at);
    pages.push(pageOf(tiff, at, directory, removed));
    at = directory.next;
  }
  const [first] = pages;
  if (!first) throw new Unreadable('The picture has no pages.');
  assertGapsHideNothing(bytes, pages);
  // The data of EXIF directories, which are not read further, may lie anywhere.
  if (!removed.found().some((kind) => kind === 'exif' || kind === 'location'))
    assertNothingAfter(bytes, Math.max(...pages.map(({ end }) => end)), 'picture');
  return {
    width: Math.max(...pages.map(({ width }) => width)),
    height: Math.max(...pages.map(({ height }) => height)),
    frames: pages.length,
    removed: removed.found(),
    clean: written(tiff, pages),
  };
}

function pageOf(tiff: TiffBytes, at: number, { entries }: Ifd, removed: RemovedMetadata): Page {
  const directoryEnd = at + 2 + entries.length * 12 + 4;
  const number = (tag: number) => {
    const entry = entries.find((candidate) => candidate.tag === tag && candidate.count === 1);
    return entry && tiff.integers(entry)[0];
  };
  const list = (tag: number) => {
    const entry = entries.find((candidate) => candidate.tag === tag);
    return entry && tiff.integers(entry);
  };
  if (entries.some(({ tag }) => RAW.has(tag)))
    throw new Unreadable('The file is a raw photograph, not a TIFF picture.');
  if (number(TAG.compression) === OLD_JPEG)
    throw new Unreadable('The picture is compressed in a way that is obsolete (JPEG of TIFF 6.0).');
  const [width, height] = [number(TAG.width), number(TAG.height)];
  const tiled = list(TAG.tileOffsets);
  const offsets = tiled ?? list(TAG.stripOffsets);
  const sizes = list(tiled ? TAG.tileBytes : TAG.stripBytes);
  if (!width || !height || !offsets || offsets.length !== sizes?.length)
    throw new Unreadable('Broken picture: it has no size, or no pixels.');
  const data = offsets.map((offset, i) => {
    if (offset + sizes[i]! > tiff.bytes.length) throw new Unreadable('The picture is truncated.');
    return tiff.bytes.subarray(offset, offset + sizes[i]!);
  });
  const ends = [
    ...entries.map(({ at, value }) => at + value.length),
    ...offsets.map((at, i) => at + sizes[i]!),
  ];
  for (const { tag, value } of entries)
    if (!KEPT_PARTS.has(tag)) removed.add(REMOVED_KIND[tag] ?? 'other', value);
  return {
    entries: entries.filter(({ tag, type }) => KEPT_PARTS.has(tag) && TYPE_BYTES[type]),
    width,
    height,
    data,
    end: Math.max(directoryEnd, ...ends),
    offsetsTag: tiled ? TAG.tileOffsets : TAG.stripOffsets,
  };
}

/** A TIFF has no order and no end: what none of its pages refers to must not be a document either. */
function assertGapsHideNothing(bytes: Buffer, pages: readonly Page[]): void {
  const used = pages
    .flatMap(({ data }) => data.map((part) => [part.byteOffset - bytes.byteOffset, part.length] as const))
    .sort(([a], [b]) => a - b);
  let end = 0;
  for (const [at, length] of [...used, [bytes.length, 0] as const]) {
    if (at > end) assertNothingHidden(bytes.subarray(end, at));
    end = Math.max(end, at + length);
  }
}

/** Data first, then values and directories. @throws Unreadable if pages share so much data that the copy is too large */
function written(tiff: TiffBytes, pages: readonly Page[]): Buffer[] {
  const writer = new TiffWriter(tiff.littleEndian);
  const header = writer.header(tiff.littleEndian);
  let next = { at: 4, in: header };
  for (const page of pages) {
    const offsets = page.data.map((part) => writer.append(part));
    if (writer.size > 2 * tiff.bytes.length + 65_536)
      throw new Unreadable('Broken picture: its pages share their pixels.');
    const directory = Buffer.alloc(2 + page.entries.length * 12 + 4);
    writer.u16(directory, 0, page.entries.length);
    page.entries.forEach((entry, i) => {
      const isOffsets = entry.tag === page.offsetsTag;
      const value = isOffsets ? writer.longs(offsets) : entry.value;
      const at = 2 + i * 12;
      writer.u16(directory, at, entry.tag);
      writer.u16(directory, at + 2, isOffsets ? 4 : entry.type);
      writer.u32(directory, at + 4, entry.count);
      if (value.length <= 4) value.copy(directory, at + 8);
      else writer.u32(directory, at + 8, writer.append(value));
    });
    writer.u32(next.in, next.at, writer.append(directory));
    next = { at: directory.length - 4, in: directory };
  }
  return writer.parts;
}

class TiffWriter {
  readonly parts: Buffer[] = [];
  readonly #littleEndian: boolean;
  size = 0;

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian;
  }
  header(littleEndian: boolean): Buffer {
    const header = Buffer.from(littleEndian ? 'II' : 'MM', 'latin1');
    const whole = Buffer.concat([header, Buffer.alloc(6)]);
    this.u16(whole, 2, 42);
    this.append(whole);
    return whole;
  }
  /** Returns where the part lies: at an even offset, as TIFF demands. */
  append(part: Buffer): number {
    const at = this.size;
    this.parts.push(part);
    this.size += part.length;
    if (part.length % 2 === 1) {
      this.parts.push(Buffer.alloc(1));
      this.size += 1;
    }
    return at;
  }
  longs(values: readonly number[]): Buffer {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, i) => this.u32(bytes, i * 4, value));
    return bytes;
  }
  u16(bytes: Buffer, at: number, value: number): void {
    if (this.#littleEndian) bytes.writeUInt16LE(value, at);
    else bytes.writeUInt16BE(value, at);
  }
  u32(bytes: Buffer, at: number, value: number): void {
    if (this.#littleEndian) bytes.writeUInt32LE(value, at);
    else bytes.writeUInt32BE(value, at);
  }
}
