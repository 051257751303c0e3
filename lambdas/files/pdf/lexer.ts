import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertNothingHidden } from '../hidden.ts';

export class PdfName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}
/** Words that are not values: `obj`, `stream`, `true`, `R` … */
export class PdfKeyword {
  readonly word: string;
  constructor(word: string) {
    this.word = word;
  }
}
/** Strings and references are undefined: the inspection needs neither. */
export type PdfValue = number | PdfName | PdfDictionary | readonly PdfValue[] | undefined;
export type PdfDictionary = ReadonlyMap<string, PdfValue>;
type Token = PdfValue | PdfKeyword;

const MAX_DEPTH = 64;
/** Longest word outside of strings: keywords have nine characters at most, names 127 (ISO 32000-1, annex C). */
const MAX_WORD = 1_024;

const codes = (characters: string): ReadonlySet<number> =>
  new Set([...characters].map((character) => character.charCodeAt(0)));
const SPACE = codes('\u0000\t\n\f\r ');
const DELIMITERS = codes('()<>[]{}/%');
const [PERCENT, SLASH, OPEN, CLOSE, BACKSLASH, LESS, GREATER, OPEN_LIST] = [...'%/()\\<>['].map((character) =>
  character.charCodeAt(0),
) as [number, number, number, number, number, number, number, number];

/** Reads the tokens of PDF syntax (ISO 32000-1, 7.2 and 7.3) outside of streams, each byte once. */
export class PdfLexer {
  readonly bytes: Buffer;
  readonly #visit: (dictionary: PdfDictionary) => void;
  at = 0;

  /** @param visit called for every dictionary, inner ones first */
  constructor(bytes: Buffer, visit: (dictionary: PdfDictionary) => void) {
    this.bytes = bytes;
    this.#visit = visit;
  }

  /** The next value or keyword; null at the end. @throws Unreadable */
  next(depth = 0): Token | null {
    if (depth > MAX_DEPTH) throw new Unreadable('Broken PDF: its values are nested too deeply.');
    this.#skipSpace();
    const byte = this.bytes[this.at];
    if (byte === undefined) return null;
    if (byte === SLASH) return this.#name();
    if (byte === OPEN) return this.#string();
    if (byte === LESS && this.bytes[this.at + 1] === LESS) return this.#dictionary(depth);
    if (byte === LESS) return this.#hexString();
    if (byte === OPEN_LIST) return this.#list(depth);
    if (byte === GREATER && this.bytes[this.at + 1] === GREATER) return this.#sign('>>');
    if (DELIMITERS.has(byte)) return this.#sign(String.fromCharCode(byte));
    return this.#word();
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === PERCENT) this.#comment();
      else if (byte !== undefined && SPACE.has(byte)) this.at += 1;
      else return;
    }
  }

  #comment(): void {
    const start = this.at;
    for (let byte = this.bytes[this.at]; byte !== undefined && byte !== 10 && byte !== 13;)
      byte = this.bytes[++this.at];
    assertNothingHidden(this.bytes.subarray(start + 1, this.at));
  }

  #sign(sign: string): PdfKeyword {
    this.at += sign.length;
    return new PdfKeyword(sign);
  }

  /** A name may spell any byte as `#` and two hexadecimal digits. */
  #name(): PdfName {
    const start = ++this.at;
    this.#passRegular();
    const text = this.bytes.toString('latin1', start, this.at);
    return new PdfName(
      text.replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
  }

  #word(): Token {
    const start = this.at;
    this.#passRegular();
    const word = this.bytes.toString('latin1', start, this.at);
    return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(word) ? Number(word) : new PdfKeyword(word);
  }

  #passRegular(): void {
    const start = this.at;
    for (let byte = this.bytes[this.at]; byte !== undefined; byte = this.bytes[++this.at]) {
      if (SPACE.has(byte) || DELIMITERS.has(byte)) return;
      if (this.at - start > MAX_WORD) throw new Unreadable('Broken PDF: a word is too long.');
    }
  }

  #string(): undefined {
    let open = 1;
    for (this.at += 1; open > 0; this.at += 1) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw new Unreadable('The PDF is truncated.');
      if (byte === BACKSLASH) this.at += 1;
      else if (byte === OPEN) open += 1;
      else if (byte === CLOSE) open -= 1;
    }
    return undefined;
  }

  #hexString(): undefined {
    const end = this.bytes.indexOf(GREATER, this.at);
    if (end < 0) throw new Unreadable('The PDF is truncated.');
    this.at = end + 1;
    return undefined;
  }

  #list(depth: number): PdfValue[] {
    this.at += 1;
    return this.#until(']', depth);
  }

  #dictionary(depth: number): PdfDictionary {
    this.at += 2;
    const items = this.#until('>>', depth);
    const dictionary = new Map<string, PdfValue>();
    for (let i = 0; i + 1 < items.length; i += 2) {
      const key = items[i];
      if (!(key instanceof PdfName)) throw new Unreadable('Broken PDF: a dictionary has no keys.');
      dictionary.set(key.name, items[i + 1]);
    }
    this.#visit(dictionary);
    return dictionary;
  }

  #until(end: string, depth: number): PdfValue[] {
    const items: PdfValue[] = [];
    for (;;) {
      const token = this.next(depth + 1);
      if (token === null) throw new Unreadable('The PDF is truncated.');
      if (!(token instanceof PdfKeyword)) items.push(token);
      else if (token.word === end) return items;
      else if (token.word === 'R') items.splice(-2, 2, undefined);
      else if (/^(?:true|false|null)$/.test(token.word)) items.push(undefined);
      else throw new Unreadable('Broken PDF: a value is not complete.');
    }
  }
}

export const isDictionary = (value: unknown): value is PdfDictionary => value instanceof Map;
