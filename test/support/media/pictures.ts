import { crc32, deflateSync } from 'node:zlib';

/** Builders of pictures, well-formed unless a caller makes them otherwise. */

export function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

export const PNG_SIGNATURE = Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1');

interface PngParts {
  readonly width?: number;
  readonly height?: number;
  readonly depth?: number;
  readonly colour?: number;
  /** Compressed pixels; those of a grey picture unless given. */
  readonly pixels?: Buffer;
  readonly before?: readonly Buffer[];
  readonly after?: readonly Buffer[];
  readonly end?: Buffer;
}

export function png({
  width = 8,
  height = 8,
  depth = 8,
  colour = 0,
  pixels = deflateSync(
    Buffer.alloc((width + 1) * height, 0x7f).map((byte, i) => (i % (width + 1) ? byte : 0)),
  ),
  before = [],
  after = [],
  end = pngChunk('IEND', Buffer.alloc(0)),
}: PngParts = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  header[9] = colour;
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    ...before,
    pngChunk('IDAT', pixels),
    ...after,
    end,
  ]);
}

/** A block of a GIF: pieces of up to 255 bytes, each with its length before it. */
export function gifBlocks(data: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < data.length; at += 255) {
    const piece = data.subarray(at, at + 255);
    pieces.push(Buffer.from([piece.length]), piece);
  }
  return Buffer.concat([...pieces, Buffer.from([0])]);
}

/** One frame of 1 × 1 pixels. */
export const GIF_FRAME = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]);

export const gifExtension = (label: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x21, label]), gifBlocks(data)]);

interface GifParts {
  readonly width?: number;
  readonly height?: number;
  readonly blocks?: readonly Buffer[];
  readonly end?: Buffer;
}

export function gif({
  width = 1,
  height = 1,
  blocks = [GIF_FRAME],
  end = Buffer.from([0x3b]),
}: GifParts = {}): Buffer {
  const header = Buffer.from('GIF89a\u0000\u0000\u0000\u0000\u0080\u0000\u0000', 'latin1');
  header.writeUInt16LE(width, 6);
  header.writeUInt16LE(height, 8);
  return Buffer.concat([header, Buffer.from([0, 0, 0, 255, 255, 255]), ...blocks, end]);
}

interface BmpParts {
  readonly width?: number;
  readonly height?: number;
  readonly pixels?: Buffer;
}

export function bmp({ width = 4, height = 4, pixels }: BmpParts = {}): Buffer {
  const data = pixels ?? Buffer.alloc(Math.ceil((width * 24) / 32) * 4 * height, 0x55);
  const header = Buffer.alloc(54);
  header.write('BM', 0, 'latin1');
  header.writeUInt32LE(54 + data.length, 2);
  header.write('abcd', 6, 'latin1');
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  header.writeUInt32LE(data.length, 34);
  return Buffer.concat([header, data]);
}

/** A chunk of a RIFF file. */
export function riffChunk(type: string, data: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 0, 'latin1');
  header.writeUInt32LE(data.length, 4);
  return Buffer.concat([header, data, Buffer.alloc(data.length % 2)]);
}

export function riff(form: string, chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from(form, 'latin1'), ...chunks]);
  const header = Buffer.alloc(8);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(body.length, 4);
  return Buffer.concat([header, body]);
}

interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: number;
}

/** A TIFF of 8-bit grey pixels in one strip. */
export function tiff({
  width = 4,
  height = 4,
  entries = [],
  next = 0,
}: {
  readonly width?: number;
  readonly height?: number;
  readonly entries?: readonly TiffEntry[];
  readonly next?: number;
} = {}): Buffer {
  const pixels = Buffer.alloc(16, 0x33);
  const all: TiffEntry[] = [
    { tag: 256, type: 4, count: 1, value: width },
    { tag: 257, type: 4, count: 1, value: height },
    { tag: 258, type: 3, count: 1, value: 8 },
    { tag: 259, type: 3, count: 1, value: 1 },
    { tag: 262, type: 3, count: 1, value: 1 },
    { tag: 273, type: 4, count: 1, value: 8 },
    { tag: 278, type: 4, count: 1, value: height },
    { tag: 279, type: 4, count: 1, value: pixels.length },
    ...entries,
  ];
  const header = Buffer.from('II*\u0000\u0000\u0000\u0000\u0000', 'latin1');
  header.writeUInt32LE(8 + pixels.length, 4);
  const directory = Buffer.alloc(2 + all.length * 12 + 4);
  directory.writeUInt16LE(all.length, 0);
  all.forEach(({ tag, type, count, value }, i) => {
    const at = 2 + i * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(count, at + 4);
    if (type === 3) directory.writeUInt16LE(value, at + 8);
    else directory.writeUInt32LE(value, at + 8);
  });
  directory.writeUInt32LE(next, 2 + all.length * 12);
  return Buffer.concat([header, pixels, directory]);
}
