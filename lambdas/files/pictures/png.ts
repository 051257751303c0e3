import { Readable } from 'node:stream';
import { createInflate, crc32 } from 'node:zlib';
import type { PictureMetadata } from '../../../contracts/entities/file-metadata.ts';
import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertNothingAfter } from '../hidden.ts';
import { exifFacts, orientationOnly } from './exif.ts';
import { RemovedMetadata } from './picture.ts';
import type { Picture } from './picture.ts';

const SIGNATURE_BYTES = 8;
const MAX_CHUNK = 0x7fffffff;
/** Chunks that affect how pixels are displayed. */
const KEPT_PARTS = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs acTL fcTL fdAT cICP mDCV cLLI'.split(' '),
);
const TEXTS = new Set(['tEXt', 'zTXt', 'iTXt']);
/** Samples per pixel by the colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Start and step of the seven passes of an interlaced picture, by column and by row (PNG specification, 8.1). */
const PASSES = [
  [0, 8, 0, 8],
  [4, 8, 0, 8],
  [0, 4, 4, 8],
  [2, 4, 0, 4],
  [0, 2, 2, 4],
  [1, 2, 0, 2],
  [0, 1, 1, 2],
] as const;

interface Header {
  readonly width: number;
  readonly height: number;
  /** Bits of one pixel. */
  readonly bits: number;
  readonly interlaced: boolean;
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** With length and checksum. */
  readonly whole: Buffer;
  readonly end: number;
}

/**
 * Walks over the chunks of a PNG, and inflates its pixel data once without keeping it.
 * @param assertSize called before anything is inflated
 * @throws Unreadable
 */
export async function readPng(
  bytes: Buffer,
  assertSize: (width: number, height: number, frames: number) => void,
): Promise<Picture> {
  const removed = new RemovedMetadata();
  const clean = [bytes.subarray(0, SIGNATURE_BYTES)];
  const pixels: Buffer[] = [];
  let header: Header | undefined;
  let frames = 1;
  let orientation = 1;
  let end = 0;
  for (const chunk of chunksOf(bytes)) {
    if (!header && chunk.type !== 'IHDR') throw new Unreadable('The picture does not begin with its header.');
    if (chunk.type === 'IHDR') header = headerOf(chunk.data);
    if (chunk.type === 'IDAT') pixels.push(chunk.data);
    if (chunk.type === 'acTL' && chunk.data.length >= 4) frames = Math.max(1, chunk.data.readUInt32BE(0));
    if (chunk.type === 'eXIf') orientation = removeExif(chunk.data, removed);
    else if (!KEPT_PARTS.has(chunk.type)) removed.add(kindOf(chunk), chunk.data);
    if (chunk.type === 'IEND') {
      if (orientation !== 1) clean.push(chunkWith('eXIf', orientationOnly(orientation)));
      end = chunk.end;
    }
    if (KEPT_PARTS.has(chunk.type)) clean.push(chunk.whole);
  }
  if (!header || end === 0) throw new Unreadable('The picture is truncated.');
  assertNothingAfter(bytes, end, 'picture');
  assertSize(header.width, header.height, frames);
  await assertPixels(pixels, pixelBytes(header));
  return { width: header.width, height: header.height, frames, removed: removed.found(), clean };
}

function* chunksOf(bytes: Buffer): Generator<Chunk> {
  for (let at = SIGNATURE_BYTES; ;) {
    if (at + 12 > bytes.length) throw new Unreadable('The picture is truncated.');
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (length > MAX_CHUNK || end > bytes.length) throw new Unreadable('The picture is truncated.');
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (!/^[A-Za-z]{4}$/.test(type)) throw new Unreadable('Broken picture: a part has no name.');
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4))
      throw new Unreadable(`Broken picture: the checksum of a part (${type}) is wrong.`);
    yield { type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end), end };
    if (type === 'IEND') return;
    at = end;
  }
}

function headerOf(data: Buffer): Header {
  const [depth, colour] = [data[8], data[9]];
  const channels = colour === undefined ? undefined : CHANNELS[colour];
  if (
    data.length !== 13 ||
    depth === undefined ||
    channels === undefined ||
    ![1, 2, 4, 8, 16].includes(depth)
  )
    throw new Unreadable('The header of the picture is broken.');
  return {
    width: data.readUInt32BE(0),
    height: data.readUInt32BE(4),
    bits: depth * channels,
    interlaced: data[12] === 1,
  };
}

function removeExif(data: Buffer, removed: RemovedMetadata): number {
  const { orientation, hasLocation } = exifFacts(data);
  removed.add('exif', data);
  if (hasLocation) removed.add('location', data);
  return orientation;
}

function kindOf({ type, data }: Chunk): PictureMetadata {
  if (!TEXTS.has(type)) return 'other';
  return data.subarray(0, 30).includes('xmp') ? 'xmp' : 'text';
}

function chunkWith(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** Bytes of the pixels of a picture before compression: each row begins with the byte of its filter. */
function pixelBytes({ width, height, bits, interlaced }: Header): number {
  const rows = (columns: number, lines: number) =>
    columns === 0 ? 0 : lines * (1 + Math.ceil((columns * bits) / 8));
  if (!interlaced) return rows(width, height);
  return PASSES.reduce((sum, [x, dx, y, dy]) => {
    return sum + rows(Math.max(0, Math.ceil((width - x) / dx)), Math.max(0, Math.ceil((height - y) / dy)));
  }, 0);
}

/** @throws Unreadable if the data inflates to fewer or more bytes than the pixels have */
async function assertPixels(pixels: readonly Buffer[], expected: number): Promise<void> {
  let size = 0;
  const inflate = createInflate();
  try {
    for await (const piece of Readable.from(pixels).pipe(inflate)) {
      size += (piece as Buffer).length;
      if (size > expected) break;
    }
  } catch (error) {
    throw new Unreadable('The pixels of the picture are broken.', { cause: error });
  }
  if (size < expected) throw new Unreadable('The picture is truncated: pixels are missing.');
  if (size > expected) throw new Unreadable('The picture inflates to more data than its pixels have.');
  if (inflate.bytesWritten < pixels.reduce((sum, { length }) => sum + length, 0))
    throw new Unreadable('The picture holds data behind its pixels.');
}
