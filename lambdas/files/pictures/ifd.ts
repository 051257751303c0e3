import { Unreadable } from '../../shared/tables/unreadable.ts';

/** One entry of an image file directory of TIFF, in which EXIF data is written too. */
export interface IfdEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** The bytes of the value, in the byte order of the file. */
  readonly value: Buffer;
  /** Where the value lies. */
  readonly at: number;
}
export interface Ifd {
  readonly entries: readonly IfdEntry[];
  /** Offset of the next directory; 0 after the last. */
  readonly next: number;
}

/** Bytes of a value by its type: BYTE, ASCII, SHORT, LONG, RATIONAL, SBYTE … DOUBLE. */
export const TYPE_BYTES: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
const ENTRY_BYTES = 12;
const MAX_ENTRIES = 1_000;

export class TiffBytes {
  readonly bytes: Buffer;
  readonly littleEndian: boolean;

  /** @throws Unreadable if the bytes do not begin with the header of a TIFF */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    const order = bytes.toString('latin1', 0, 2);
    this.littleEndian = order === 'II';
    if (bytes.length < 8 || (order !== 'II' && order !== 'MM') || this.u16(2) !== 42)
      throw new Unreadable('The directory of the picture is broken.');
  }
  u16(at: number): number {
    this.#assertWithin(at, 2);
    return this.littleEndian ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }
  u32(at: number): number {
    this.#assertWithin(at, 4);
    return this.littleEndian ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }
  get first(): number {
    return this.u32(4);
  }

  /** @throws Unreadable for a directory that is not within the bytes */
  directory(at: number): Ifd {
    const count = this.u16(at);
    if (count > MAX_ENTRIES) throw new Unreadable(`The picture has a directory of ${count} entries.`);
    const entries = Array.from({ length: count }, (_, i) => this.#entry(at + 2 + i * ENTRY_BYTES));
    return { entries, next: this.u32(at + 2 + count * ENTRY_BYTES) };
  }

  /** The integers of an entry. */
  integers({ type, count, value }: IfdEntry): number[] {
    const size = TYPE_BYTES[type];
    return Array.from({ length: count }, (_, i) => {
      if (size === 1) return value[i]!;
      if (size === 2) return this.littleEndian ? value.readUInt16LE(i * 2) : value.readUInt16BE(i * 2);
      return this.littleEndian ? value.readUInt32LE(i * 4) : value.readUInt32BE(i * 4);
    });
  }

  #entry(at: number): IfdEntry {
    const [tag, type, count] = [this.u16(at), this.u16(at + 2), this.u32(at + 4)];
    const size = (TYPE_BYTES[type] ?? 1) * count;
    const start = size <= 4 ? at + 8 : this.u32(at + 8);
    this.#assertWithin(start, size);
    return { tag, type, count, value: this.bytes.subarray(start, start + size), at: start };
  }
  #assertWithin(at: number, size: number): void {
    if (at + size > this.bytes.length) throw new Unreadable('The picture is truncated.');
  }
}
