import { Unreadable } from './unreadable.ts';

export type ByteChunks = AsyncIterable<Uint8Array>;

/**
 * Bytes of a file with their shape. The shape has one byte per code unit of the encoding (two bytes in UTF-16, otherwise
 * one): an ASCII character is itself, every byte of another character is 0x80 or more. Delimiters, quotes and brackets
 * are found in the shape; its positions map to positions in the bytes, so that unchanged parts are copied byte by byte.
 */
export interface Piece {
  readonly bytes: Buffer;
  readonly shape: Buffer;
}

/** Bytes per code unit. */
export const unitOf = (encoding: string): 1 | 2 => (encoding.startsWith('utf-16') ? 2 : 1);

/**
 * Encodings in which the last byte of a character can be in the ASCII range: length in bytes of the character at `at`.
 * @see https://encoding.spec.whatwg.org/
 */
const CHARACTER_BYTES: Readonly<Record<string, (bytes: Buffer, at: number) => number>> = {
  shift_jis: (bytes, at) => {
    const lead = bytes[at]!;
    return (lead >= 0x81 && lead <= 0x9f) || (lead >= 0xe0 && lead <= 0xfc) ? 2 : 1;
  },
  big5: twoBytes,
  'euc-kr': twoBytes,
  gbk: twoOrFour,
  gb18030: twoOrFour,
};

function twoBytes(bytes: Buffer, at: number): number {
  const lead = bytes[at]!;
  return lead >= 0x81 && lead <= 0xfe ? 2 : 1;
}

/** Four bytes if a digit follows the lead byte. Also four if that byte is not read yet, so that the character waits for it. */
function twoOrFour(bytes: Buffer, at: number): number {
  if (twoBytes(bytes, at) === 1) return 1;
  const second = bytes[at + 1];
  return second === undefined || (second >= 0x30 && second <= 0x39) ? 4 : 2;
}

const ESCAPE = 0x1b;

/** Computes shapes of consecutive chunks; an incomplete character at the end of a chunk is carried over to the next. */
class Shaper {
  readonly #encoding: string;
  readonly #characterBytes: ((bytes: Buffer, at: number) => number) | undefined;
  #carry: Buffer = Buffer.alloc(0);
  /** ISO-2022-JP: whether the current mode is a Japanese character set rather than ASCII. */
  #japanese = false;

  constructor(encoding: string) {
    this.#encoding = encoding;
    this.#characterBytes = CHARACTER_BYTES[encoding];
  }

  push(chunk: Uint8Array): Piece {
    const all = this.#carry.length === 0 ? asBuffer(chunk) : Buffer.concat([this.#carry, chunk]);
    const end = this.#wholeLength(all);
    this.#carry = all.subarray(end);
    const bytes = all.subarray(0, end);
    return { bytes, shape: this.#shapeOf(bytes) };
  }

  /** @throws Unreadable if the file ends in the middle of a character */
  end(): Piece | undefined {
    if (this.#carry.length === 0) return undefined;
    if (this.#encoding !== 'iso-2022-jp') {
      throw new Unreadable(`The file ends in the middle of a character (${this.#encoding}).`);
    }
    const bytes = this.#carry;
    return { bytes, shape: this.#shapeOf(bytes) };
  }

  #wholeLength(bytes: Buffer): number {
    if (unitOf(this.#encoding) === 2) return bytes.length - (bytes.length % 2);
    // Escape sequences have three or four bytes.
    if (this.#encoding === 'iso-2022-jp') {
      const escape = bytes.lastIndexOf(ESCAPE);
      return escape >= 0 && escape > bytes.length - 4 ? escape : bytes.length;
    }
    if (!this.#characterBytes) return bytes.length;
    let at = 0;
    for (let next = 0; next <= bytes.length; next = at + this.#characterBytes(bytes, at)) {
      at = next;
      if (at === bytes.length) break;
    }
    return at;
  }

  #shapeOf(bytes: Buffer): Buffer {
    if (unitOf(this.#encoding) === 2) return shapeOfUtf16(bytes, this.#encoding === 'utf-16be');
    if (this.#encoding === 'iso-2022-jp') return this.#shapeOfIso2022(bytes);
    if (!this.#characterBytes) return bytes;
    const shape = Buffer.from(bytes);
    for (let at = 0; at < shape.length;) {
      const length = this.#characterBytes(bytes, at);
      for (let i = at + 1; i < at + length; i++) shape[i]! |= 0x80;
      at += length;
    }
    return shape;
  }

  #shapeOfIso2022(bytes: Buffer): Buffer {
    const shape = Buffer.from(bytes);
    for (let at = 0; at < shape.length; at++) {
      if (bytes[at] !== ESCAPE) {
        if (this.#japanese) shape[at]! |= 0x80;
        continue;
      }
      // ESC ( B and ESC ( J are ASCII and Roman; ESC ( I, ESC $ @ and ESC $ B are not.
      this.#japanese = !(bytes[at + 1] === 0x28 && (bytes[at + 2] === 0x42 || bytes[at + 2] === 0x4a));
      for (let i = at; i < Math.min(at + 3, shape.length); i++) shape[i]! |= 0x80;
      at += 2;
    }
    return shape;
  }
}

function shapeOfUtf16(bytes: Buffer, bigEndian: boolean): Buffer {
  const shape = Buffer.alloc(bytes.length / 2);
  for (let i = 0; i < shape.length; i++) {
    const low = bytes[bigEndian ? 2 * i + 1 : 2 * i]!;
    const high = bytes[bigEndian ? 2 * i : 2 * i + 1]!;
    shape[i] = high === 0 && low < 0x80 ? low : 0x80;
  }
  return shape;
}

const asBuffer = (chunk: Uint8Array): Buffer =>
  Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);

/** Yields the bytes of a file with their shape. @throws Unreadable for binary data or an incomplete last character */
export async function* pieces(source: ByteChunks, encoding: string): AsyncGenerator<Piece, void, undefined> {
  const shaper = new Shaper(encoding);
  for await (const chunk of source) {
    const piece = shaper.push(chunk);
    if (piece.shape.includes(0)) throw new Unreadable('The file is binary data, not text.');
    if (piece.shape.length > 0) yield piece;
  }
  const last = shaper.end();
  if (last) yield last;
}

/** The shape of bytes in memory, without an incomplete character at the end. */
export const shapeOf = (bytes: Buffer, encoding: string): Piece => new Shaper(encoding).push(bytes);

const FIRST_FILL = 64 * 1024;

/**
 * A sliding window over a stream of pieces. It doubles when it grows, so that rescanning a long row from its start after
 * each growth takes linear time in total.
 */
export class Window {
  bytes: Buffer = Buffer.alloc(0);
  shape: Buffer = Buffer.alloc(0);
  ended = false;
  readonly unit: 1 | 2;
  readonly #pieces: AsyncIterator<Piece>;

  constructor(source: ByteChunks, encoding: string) {
    this.unit = unitOf(encoding);
    this.#pieces = pieces(source, encoding)[Symbol.asyncIterator]();
  }

  /** Drops `units` code units from the front. */
  pass(units: number): void {
    this.shape = this.shape.subarray(units);
    this.bytes = this.bytes.subarray(units * this.unit);
  }

  async grow(): Promise<void> {
    const targetSize = Math.max(FIRST_FILL, 2 * this.shape.length);
    const buffered: Piece[] = [{ bytes: this.bytes, shape: this.shape }];
    for (let size = this.shape.length; size < targetSize;) {
      const next = await this.#pieces.next();
      if (next.done) {
        this.ended = true;
        break;
      }
      buffered.push(next.value);
      size += next.value.shape.length;
    }
    this.bytes = Buffer.concat(buffered.map((piece) => piece.bytes));
    this.shape =
      this.unit === 1 && sameBuffers(buffered)
        ? this.bytes
        : Buffer.concat(buffered.map((piece) => piece.shape));
  }

  /** Closes the source, even if it was not read to its end. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}

/** Whether bytes and shape of every piece are the same buffer, so that they are concatenated only once. */
const sameBuffers = (pieces: readonly Piece[]): boolean =>
  pieces.every(({ bytes, shape }) => bytes === shape || bytes.length === 0);
