import { inflateSync } from 'node:zlib';
import { LIMITS } from '../../../contracts/limits.ts';
import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertHarmless, assertSpellsNoDanger, nameIn } from './dangers.ts';
import { isDictionary, PdfKeyword, PdfLexer, PdfName } from './lexer.ts';
import type { PdfDictionary } from './lexer.ts';

export interface PdfFacts {
  readonly pages: number;
  /** Whether there is a font: without one, its pages are pictures. */
  readonly hasText: boolean;
}

/** Of one stream and of all streams, in bytes after decompression. */
const MAX_STREAM = 32 * 1024 * 1024;
const MAX_STREAMS = 512 * 1024 * 1024;
const MAX_FILTERS = 2;
const TOKENS_BETWEEN_CHECKS = 10_000;
/** Words that stand between objects. */
const STRUCTURE = new Set([
  'obj',
  'endobj',
  'endstream',
  'xref',
  'trailer',
  'startxref',
  'n',
  'f',
  'null',
  'true',
  'false',
  'R',
]);

/**
 * Reads every object of a PDF in the order of the file, without following its tables of offsets: an object that only some
 * readers find is seen too. Streams are inflated once, within bounds, to look for objects and for bombs.
 */
export class PdfScan {
  readonly #bytes: Buffer;
  readonly #checkTime: () => void;
  readonly #pages = new Set<number>();
  #hasText = false;
  #inflated = 0;

  /** @param checkTime throws once the file has taken too long */
  constructor(bytes: Buffer, checkTime: () => void) {
    this.#bytes = bytes;
    this.#checkTime = checkTime;
  }

  /** @throws Unreadable */
  run(): PdfFacts {
    const lexer = new PdfLexer(this.#bytes, this.#visit);
    const numbers: number[] = [];
    let object = -1;
    let value: unknown;
    for (let count = 1, token = lexer.next(); token !== null; token = lexer.next(), count++) {
      if (count % TOKENS_BETWEEN_CHECKS === 0) this.#checkTime();
      if (token instanceof PdfKeyword) {
        if (token.word === 'obj') object = numbers.at(-2) ?? -1;
        else if (token.word === 'stream')
          this.#stream(lexer, isDictionary(value) ? value : new Map<string, never>());
        else if (!STRUCTURE.has(token.word))
          throw new Unreadable('Broken PDF: something stands between its objects.');
      } else if (typeof token === 'number') numbers.splice(0, numbers.length, numbers.at(-1) ?? -1, token);
      else this.#object(object, (value = token));
    }
    return { pages: this.#pages.size, hasText: this.#hasText };
  }

  readonly #visit = (dictionary: PdfDictionary): void => {
    assertHarmless(dictionary);
    if (nameIn(dictionary, 'Type') === 'Font') this.#hasText = true;
  };

  #object(number: number, value: unknown): void {
    if (!isDictionary(value) || nameIn(value, 'Type') !== 'Page') return;
    this.#pages.add(number);
    if (this.#pages.size > LIMITS.pages.value)
      throw new Unreadable(`The PDF has more than ${LIMITS.pages.value} pages.`);
  }

  /** Passes over the data of a stream. `Length` is a hint: many writers have it wrong. */
  #stream(lexer: PdfLexer, dictionary: PdfDictionary): void {
    const bytes = this.#bytes;
    const start = lexer.at + (bytes[lexer.at] === 13 && bytes[lexer.at + 1] === 10 ? 2 : 1);
    const length = dictionary.get('Length');
    const declaredEnd = typeof length === 'number' ? start + length : -1;
    const isTold =
      declaredEnd >= start &&
      /^\s{0,4}endstream/.test(bytes.toString('latin1', declaredEnd, declaredEnd + 13));
    const end = isTold ? declaredEnd : bytes.indexOf('endstream', start, 'latin1');
    if (end < 0) throw new Unreadable('The PDF is truncated.');
    lexer.at = end;
    if (nameIn(dictionary, 'Subtype') === 'Image') return;
    const content = this.#decoded(bytes.subarray(start, end), dictionary);
    if (nameIn(dictionary, 'Type') === 'ObjStm') this.#objects(content, dictionary);
  }

  /** Undefined for broken data, and for filters other than Flate. */
  #decoded(data: Buffer, dictionary: PdfDictionary): Buffer | undefined {
    const filters = filtersOf(dictionary);
    if (filters.length > MAX_FILTERS) throw new Unreadable('Broken PDF: a stream has too many filters.');
    let content: Buffer | undefined = data;
    for (const filter of filters) {
      content = filter === 'FlateDecode' || filter === 'Fl' ? inflated(content) : undefined;
      if (!content) return undefined;
      this.#inflated += content.length;
      if (this.#inflated > MAX_STREAMS) throw new Unreadable('The PDF inflates to too much data.');
      this.#checkTime();
    }
    return content;
  }

  /** The objects of an object stream: pairs of number and offset, then the objects. */
  #objects(content: Buffer | undefined, dictionary: PdfDictionary): void {
    const first = dictionary.get('First');
    if (!content || typeof first !== 'number' || dictionary.has('DecodeParms'))
      throw new Unreadable('The PDF stores its objects in a way that cannot be inspected.');
    assertSpellsNoDanger(content);
    const header = content.toString('latin1', 0, first).trim().split(/\s+/).map(Number);
    const lexer = new PdfLexer(content.subarray(first), this.#visit);
    for (let i = 0, token = lexer.next(); token !== null; token = lexer.next(), i++) {
      if (i % TOKENS_BETWEEN_CHECKS === 0) this.#checkTime();
      if (!(token instanceof PdfKeyword)) this.#object(header[i * 2] ?? -1, token);
    }
  }
}

function filtersOf(dictionary: PdfDictionary): string[] {
  const filter = dictionary.get('Filter') ?? dictionary.get('F');
  const all = Array.isArray(filter) ? (filter as unknown[]) : [filter];
  return all.flatMap((one) => (one instanceof PdfName ? [one.name] : []));
}

/** Undefined for broken data. @throws Unreadable for a bomb */
function inflated(data: Buffer): Buffer | undefined {
  try {
    return inflateSync(data, { maxOutputLength: MAX_STREAM });
  } catch (error) {
    if (error instanceof RangeError)
      throw new Unreadable('The PDF inflates to too much data.', { cause: error });
    return undefined;
  }
}
