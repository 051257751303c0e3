import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertNothingAfter } from '../hidden.ts';
import type { Picture } from './picture.ts';

const FILE_HEADER = 14;
const CORE_HEADER = 12;
const INFO_HEADER = 40;
const V5_HEADER = 124;
/** The largest palette, and the masks that may precede it. */
const MAX_PALETTE = 1024 + 16;
const UNCOMPRESSED = new Set([0, 3, 6]);
const RUN_LENGTH = new Set([1, 2]);

interface Header {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression: number;
  /** Size of the pixel data in bytes according to the header; 0 if it states none. */
  readonly pixelBytes: number;
}

/** Reads the header of a BMP; it has no metadata besides. @throws Unreadable */
export function readBmp(bytes: Buffer, assertSize: (width: number, height: number) => void): Picture {
  if (bytes.length < FILE_HEADER + CORE_HEADER) throw new Unreadable('The picture is truncated.');
  const offset = bytes.readUInt32LE(10);
  const headerBytes = bytes.readUInt32LE(14);
  const { width, height, bits, compression, pixelBytes } = headerOf(bytes, headerBytes);
  assertSize(width, height);
  const gap = offset - FILE_HEADER - headerBytes;
  if (gap < 0 || gap > MAX_PALETTE)
    throw new Unreadable('Broken picture: it does not say where its pixels are.');
  const size = UNCOMPRESSED.has(compression) ? Math.ceil((width * bits) / 32) * 4 * height : pixelBytes;
  if (size === 0 || offset + size > bytes.length) throw new Unreadable('The picture is truncated.');
  // A colour profile follows the pixels; it is left out.
  const end = headerBytes === V5_HEADER ? Math.max(offset + size, profileEnd(bytes)) : offset + size;
  assertNothingAfter(bytes, Math.min(end, bytes.length), 'picture');
  return {
    width,
    height,
    frames: 1,
    removed: end > offset + size ? ['other'] : [],
    clean: [withoutReserved(bytes, offset + size), bytes.subarray(FILE_HEADER, offset + size)],
  };
}

function headerOf(bytes: Buffer, headerBytes: number): Header {
  if (headerBytes === CORE_HEADER) {
    const [width, height] = [bytes.readUInt16LE(18), bytes.readUInt16LE(20)];
    return { width, height, bits: bytes.readUInt16LE(24), compression: 0, pixelBytes: 0 };
  }
  if (headerBytes < INFO_HEADER || headerBytes > V5_HEADER || bytes.length < FILE_HEADER + headerBytes)
    throw new Unreadable('The header of the picture is broken.');
  const header = {
    width: bytes.readInt32LE(18),
    // Negative: the rows begin at the top.
    height: Math.abs(bytes.readInt32LE(22)),
    bits: bytes.readUInt16LE(28),
    compression: bytes.readUInt32LE(30),
    pixelBytes: bytes.readUInt32LE(34),
  };
  const isKnown = UNCOMPRESSED.has(header.compression) || RUN_LENGTH.has(header.compression);
  if (!isKnown || bytes.readUInt16LE(26) !== 1 || ![1, 4, 8, 16, 24, 32].includes(header.bits))
    throw new Unreadable('The header of the picture is broken.');
  return header;
}

/** Offset and size of the profile are at the end of the header. */
const profileEnd = (bytes: Buffer): number => {
  const [at, size] = [bytes.readUInt32LE(FILE_HEADER + 112), bytes.readUInt32LE(FILE_HEADER + 116)];
  return size === 0 ? 0 : FILE_HEADER + at + size;
};

function withoutReserved(bytes: Buffer, size: number): Buffer {
  const header = Buffer.from(bytes.subarray(0, FILE_HEADER));
  header.writeUInt32LE(size, 2);
  header.writeUInt32LE(0, 6);
  return header;
}
