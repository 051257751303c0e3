import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { unitOf } from './source.ts';
import { Unreadable } from './unreadable.ts';

const ESCAPE = 0x1b;

/** Texts of parts of a file, by their positions in units of its encoding. */
export class TextOf {
  readonly #encoding: string;
  readonly #decoder: TextDecoder;
  readonly #unit: 1 | 2;

  /** @param encoding a label of the WHATWG Encoding Standard, as the inspection stored it */
  constructor(encoding: string) {
    this.#encoding = encoding;
    this.#decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    this.#unit = unitOf(encoding);
  }

  /** @throws Unreadable where the bytes are not of this encoding */
  whole(bytes: Buffer): string {
    // ASCII is the same in every encoding of one byte per unit, but for the escapes of ISO-2022-JP.
    if (this.#unit === 1 && isAscii(bytes) && !bytes.includes(ESCAPE)) return bytes.toString('latin1');
    try {
      return this.#decoder.decode(bytes);
    } catch (error) {
      throw new Unreadable(`The file is not valid ${this.#encoding} text.`, { cause: error });
    }
  }

  /** Reads parts of one record: where all of it is ASCII, it is decoded once. */
  within(bytes: Buffer): (start: number, end: number) => string {
    if (this.#unit === 1 && isAscii(bytes) && !bytes.includes(ESCAPE)) {
      const text = bytes.toString('latin1');
      return (start, end) => text.slice(start, end);
    }
    return (start, end) => this.whole(bytes.subarray(start * this.#unit, end * this.#unit));
  }
}
