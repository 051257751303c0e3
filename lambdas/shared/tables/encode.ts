import { TextDecoder } from 'node:util';

const SINGLE_BYTE = /^(?:windows-|iso-8859-|koi8-|ibm866|macintosh|x-mac-)/;
const LEAD_BYTES: readonly number[] = Array.from({ length: 0x7e }, (_, i) => 0x81 + i);
const TRAIL_BYTES: readonly number[] = Array.from({ length: 0xbf }, (_, i) => 0x40 + i);

/**
 * Encodes text. For legacy encodings the table is built by inverting the platform's `TextDecoder`, which guarantees a
 * round trip; the tables of npm packages differ from the WHATWG standard in places.
 */
export class Encoder {
  readonly #encoding: string;
  #bytesOf: ReadonlyMap<string, readonly number[]> | undefined;

  /** @param encoding a label of the WHATWG Encoding Standard, as the inspection stored it */
  constructor(encoding: string) {
    this.#encoding = encoding;
  }

  /** @returns undefined if the encoding cannot represent one of the characters */
  encode(text: string): Buffer | undefined {
    switch (this.#encoding) {
      case 'utf-8':
        return Buffer.from(text, 'utf8');
      case 'utf-16le':
        return Buffer.from(text, 'utf16le');
      case 'utf-16be':
        return Buffer.from(text, 'utf16le').swap16();
    }
    // eslint-disable-next-line no-control-regex -- the control characters of ASCII are the same in every encoding
    if (/^[\x00-\x7f]*$/.test(text)) return Buffer.from(text, 'latin1');
    this.#bytesOf ??= inverseTable(this.#encoding);
    const bytes: number[] = [];
    for (const char of text) {
      const code = char.charCodeAt(0);
      const encoded = code < 0x80 && char.length === 1 ? [code] : this.#bytesOf.get(char);
      if (!encoded) return undefined;
      bytes.push(...encoded);
    }
    return Buffer.from(bytes);
  }
}

/** Maps each non-ASCII character of an encoding to its bytes. */
function inverseTable(encoding: string): Map<string, readonly number[]> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const bytesOf = new Map<string, readonly number[]>();
  const add = (bytes: readonly number[]): void => {
    const char = decodedOrNone(decoder, bytes);
    // If a character has two byte sequences, the first wins. Pairs that decode to two characters are skipped.
    if (char !== undefined && [...char].length === 1 && !bytesOf.has(char)) bytesOf.set(char, bytes);
  };
  for (let byte = 0x80; byte < 0x100; byte++) add([byte]);
  if (SINGLE_BYTE.test(encoding)) return bytesOf;
  for (const lead of LEAD_BYTES) for (const trail of TRAIL_BYTES) add([lead, trail]);
  return bytesOf;
}

function decodedOrNone(decoder: TextDecoder, bytes: readonly number[]): string | undefined {
  try {
    return decoder.decode(Uint8Array.from(bytes));
  } catch {
    return undefined; // expected: no character has these bytes
  }
}
