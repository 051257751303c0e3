import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertNothingAfter } from '../hidden.ts';
import { exifFacts, orientationOnly } from './exif.ts';
import { RemovedMetadata } from './picture.ts';
import type { Picture } from './picture.ts';

const RIFF_HEADER = 12;
const KEPT_PARTS = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** Flags of `VP8X`. */
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** With its header and its padding. */
  readonly whole: Buffer;
}
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Walks over the chunks of a WebP (RFC 9649). @throws Unreadable */
export function readWebp(bytes: Buffer, assertFrames: (frames: number) => void): Picture {
  const removed = new RemovedMetadata();
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) throw new Unreadable('The picture is truncated.');
  let canvas: Size | undefined;
  let orientation = 1;
  let frames = 0;
  const sizes: Size[] = [];
  const keptChunks: Chunk[] = [];
  for (const chunk of chunksOf(bytes.subarray(0, end), RIFF_HEADER)) {
    if (chunk.type === 'VP8X') canvas = sizeIn(chunk.data, 4);
    if (chunk.type === 'ANMF') {
      assertFrames(++frames);
      sizes.push(sizeIn(chunk.data, 6));
    }
    if (chunk.type === 'VP8 ') sizes.push(lossySize(chunk.data));
    if (chunk.type === 'VP8L') sizes.push(losslessSize(chunk.data));
    if (KEPT_PARTS.has(chunk.type)) keptChunks.push(chunk);
    else if (chunk.type === 'EXIF') orientation = removeExif(chunk.data, removed);
    else removed.add(chunk.type === 'XMP ' ? 'xmp' : 'other', chunk.data);
  }
  assertNothingAfter(bytes, end, 'picture');
  const whole = canvas ?? sizes[0];
  if (!whole || sizes.length === 0) throw new Unreadable('The picture has no pixels.');
  if (sizes.some(({ width, height }) => width > whole.width || height > whole.height))
    throw new Unreadable('Broken picture: a frame is larger than the picture.');
  const clean = riff(keptChunks, canvas ? orientation : 1);
  return { ...whole, frames: Math.max(1, frames), removed: removed.found(), clean };
}

function* chunksOf(bytes: Buffer, from: number): Generator<Chunk> {
  for (let at = from; at < bytes.length;) {
    if (at + 8 > bytes.length) throw new Unreadable('The picture is truncated.');
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (end > bytes.length) throw new Unreadable('The picture is truncated.');
    const type = bytes.toString('latin1', at, at + 4);
    yield { type, data: bytes.subarray(at + 8, at + 8 + length), whole: bytes.subarray(at, end) };
    at = end;
  }
}

/** Width and height less one, in 24 bits each. */
function sizeIn(data: Buffer, at: number): Size {
  if (data.length < at + 6) throw new Unreadable('Broken picture: it has no size.');
  return { width: data.readUIntLE(at, 3) + 1, height: data.readUIntLE(at + 3, 3) + 1 };
}

/** RFC 6386, 9.1. */
function lossySize(data: Buffer): Size {
  if (data.length < 10 || data.readUIntBE(3, 3) !== 0x9d012a)
    throw new Unreadable('Broken picture: its pixels cannot be read.');
  const partition = data.readUIntLE(0, 3) >> 5;
  if (partition > data.length) throw new Unreadable('The picture is truncated.');
  return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
}

/** RFC 9649, 3.4: 14 bits each. */
function losslessSize(data: Buffer): Size {
  if (data.length < 5 || data[0] !== 0x2f) throw new Unreadable('Broken picture: its pixels cannot be read.');
  const bits = data.readUInt32LE(1);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function removeExif(data: Buffer, removed: RemovedMetadata): number {
  // Some writers put the name that EXIF data has in a JPEG before it.
  const named = data.toString('latin1', 0, 6) === 'Exif\u0000\u0000';
  const { orientation, hasLocation } = exifFacts(named ? data.subarray(6) : data);
  removed.add('exif', data);
  if (hasLocation) removed.add('location', data);
  return orientation;
}

function riff(kept: readonly Chunk[], orientation: number): Buffer[] {
  const parts = kept.map(({ type, whole }) =>
    type === 'VP8X' ? withFlags(whole, orientation !== 1) : whole,
  );
  if (orientation !== 1) {
    const data = orientationOnly(orientation);
    const header = Buffer.from('EXIF\u0000\u0000\u0000\u0000', 'latin1');
    header.writeUInt32LE(data.length, 4);
    parts.push(header, data);
  }
  const header = Buffer.from('RIFF\u0000\u0000\u0000\u0000WEBP', 'latin1');
  header.writeUInt32LE(4 + parts.reduce((sum, { length }) => sum + length, 0), 4);
  return [header, ...parts];
}

function withFlags(whole: Buffer, hasExif: boolean): Buffer {
  const chunk = Buffer.from(whole);
  chunk[8] = (chunk[8]! & ~(HAS_EXIF | HAS_XMP)) | (hasExif ? HAS_EXIF : 0);
  return chunk;
}
