import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { unitOf } from './source.ts';
import { Unreadable } from './unreadable.ts';

const ESCAPE = 0x1b;

/** Decodes parts of a file, addressed in code units of its encoding. */
export class PartDecoder {
  readonly #encoding: string;
  readonly #decoder: TextDecoder;
  readonly #unit: 1 | 2;

  /** @param encoding a label of the WHATWG Encoding Standard, as the inspection stored it */
  constructor(encoding: string) {
    this.#encoding = encoding;
    this.#decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    this.#unit = unitOf(encoding);
  }

  /** @throws Unreadable if the bytes are not valid in this encoding */
  decode(bytes: Buffer): string {
    // ASCII bytes mean the same in every encoding with one byte per unit, except after an escape of ISO-2022-JP.
    if (this.#unit === 1 && isAscii(bytes) && !bytes.includes(ESCAPE)) return bytes.toString('latin1');
    try {
      return this.#decoder.decode(bytes);
    } catch (error) {
      throw new Unreadable(`The file is not valid ${this.#encoding} text.`, { cause: error });
    }
  }

  /** Returns a function that decodes parts of one record. An ASCII record is decoded once as a whole. */
  slicer(bytes: Buffer): (start: number, end: number) => string {
    if (this.#unit === 1 && isAscii(bytes) && !bytes.includes(ESCAPE)) {
      const text = bytes.toString('latin1');
      return (start, end) => text.slice(start, end);
    }
    return (start, end) => this.decode(bytes.subarray(start * this.#unit, end * this.#unit));
  }
}
