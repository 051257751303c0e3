import type { MetadataOf } from '../../../contracts/entities/file-metadata.ts';
import { markLength } from '../../../contracts/values/byte-order-marks.ts';
import {
  afterSpace,
  afterString,
  isCloseList,
  isComma,
  isOpenList,
  isOpenObject,
  membersOf,
  scanValue,
} from './json-scan.ts';
import { Window } from './source.ts';
import type { ByteChunks } from './source.ts';
import { PartDecoder } from './part-decoder.ts';
import { Unreadable } from './unreadable.ts';

/** Maximum length of an element in code units; one element at a time is parsed in memory. */
const MAX_ELEMENT = 8_000_000;

export type JsonMetadata = MetadataOf<'json'>;
/** The metadata needed to read a JSON document. */
export type JsonForm = Pick<JsonMetadata, 'encoding' | 'layout'>;

/** A part of a JSON document; the concatenated parts are the file. An element may have white space around it. */
export type JsonPart =
  | { readonly kind: 'other'; readonly bytes: Buffer }
  | {
      readonly kind: 'element';
      readonly bytes: Buffer;
      readonly shape: Buffer;
      /** Number of keys in the text, on all levels; duplicates count. */
      readonly pairs: number;
    };

/** Splits a JSON document into its rows without parsing them. @throws Unreadable */
export async function* jsonParts(
  source: ByteChunks,
  form: JsonForm,
): AsyncGenerator<JsonPart, void, undefined> {
  const window = new Window(source, form.encoding);
  try {
    yield* new Splitter(window, form).parts();
  } finally {
    await window.close();
  }
}

class Splitter {
  readonly #window: Window;
  readonly #form: JsonForm;
  #count = 0;

  constructor(window: Window, form: JsonForm) {
    this.#window = window;
    this.#form = form;
  }

  async *parts(): AsyncGenerator<JsonPart, void, undefined> {
    const window = this.#window;
    await window.grow();
    const mark = markLength(window.bytes, this.#form.encoding) / window.unit;
    const start = await this.#skipSpace(mark);
    if (start === window.shape.length) throw new Unreadable('The file is empty.');
    yield this.#other(start);
    if (isOpenList(window.shape[0])) yield* this.#list();
    else if (!isOpenObject(window.shape[0]))
      throw new Unreadable('The JSON must be a list of rows, or one object.');
    else if (this.#form.layout?.rows_in === 'wrapped') yield* this.#wrapped(this.#form.layout.key ?? '');
    else yield* this.#objects();
  }

  /** A list at the top level, with nothing after it. */
  async *#list(): AsyncGenerator<JsonPart, void, undefined> {
    yield* this.#elements();
    const end = await this.#skipSpace(0);
    if (end < this.#window.shape.length)
      throw new Unreadable('There is more text after the end of the JSON; a list needs [ ] around it.');
    if (end > 0) yield this.#other(end);
  }

  /** `[`, the elements, `]`. */
  async *#elements(): AsyncGenerator<JsonPart, void, undefined> {
    const window = this.#window;
    yield this.#other(1);
    const first = await this.#skipSpace(0);
    if (isCloseList(window.shape[first])) {
      yield this.#other(first + 1);
      return;
    }
    for (;;) {
      const { end, pairs } = await this.#value(false);
      yield this.#element(end, pairs);
      const closing = window.shape[0];
      if (!isComma(closing) && !isCloseList(closing))
        throw new Unreadable('The list ends with the wrong bracket.');
      yield this.#other(1);
      if (isCloseList(closing)) return;
    }
  }

  /** One object, or several in sequence (JSON lines). */
  async *#objects(): AsyncGenerator<JsonPart, void, undefined> {
    for (;;) {
      if (!isOpenObject(this.#window.shape[0]))
        throw new Unreadable(`Row ${this.#count + 1} is not an object as the rows before it are.`);
      const { end, pairs } = await this.#value(true);
      yield this.#element(end, pairs);
      const next = await this.#skipSpace(0);
      if (next > 0) yield this.#other(next);
      if (this.#window.shape.length === 0) return;
    }
  }

  async *#wrapped(key: string): AsyncGenerator<JsonPart, void, undefined> {
    const window = this.#window;
    const decoder = new PartDecoder(this.#form.encoding);
    yield this.#other(1);
    for (;;) {
      const start = await this.#skipSpace(0);
      const keyEnd = await this.#growUntil(() => afterString(window.shape, start));
      const colon = await this.#skipSpace(keyEnd);
      const value = await this.#skipSpace(colon + 1);
      const name = decoder.decode(window.bytes.subarray(start * window.unit, keyEnd * window.unit));
      yield this.#other(value);
      if (JSON.parse(name) === key && isOpenList(window.shape[0])) break;
      const { end } = await this.#value(false);
      yield this.#other(end + 1);
    }
    yield* this.#elements();
    const { end } = await this.#value(false);
    yield this.#other(end);
    while (isComma(window.shape[0])) {
      yield this.#other(1);
      yield this.#other((await this.#value(false)).end);
    }
    if (window.shape.length > 0) yield this.#other(1);
    const rest = await this.#skipSpace(0);
    if (rest < window.shape.length) throw new Unreadable('There is more text after the end of the JSON.');
    if (rest > 0) yield this.#other(rest);
  }

  #take(units: number): { bytes: Buffer; shape: Buffer } {
    const window = this.#window;
    const taken = {
      bytes: window.bytes.subarray(0, units * window.unit),
      shape: window.shape.subarray(0, units),
    };
    window.pass(units);
    return taken;
  }

  #other(units: number): JsonPart {
    return { kind: 'other', bytes: this.#take(units).bytes };
  }

  #tooLong(): Unreadable {
    return new Unreadable(`Row ${this.#count + 1} is longer than 8 million characters.`);
  }

  #element(units: number, pairs: number): JsonPart {
    if (units > MAX_ELEMENT) throw this.#tooLong();
    this.#count += 1;
    return { kind: 'element', ...this.#take(units), pairs };
  }

  /** Position of the first character after `from` that is not white space, or the end of the file. */
  async #skipSpace(from: number): Promise<number> {
    for (;;) {
      const at = afterSpace(this.#window.shape, from);
      if (at < this.#window.shape.length || this.#window.ended) return at;
      await this.#window.grow();
    }
  }

  #value(own: boolean) {
    return this.#growUntil(() => scanValue(this.#window.shape, 0, own));
  }

  /** Grows the window until `find` returns a value. */
  async #growUntil<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.#window.shape.length > MAX_ELEMENT) throw this.#tooLong();
      if (this.#window.ended) throw new Unreadable('The JSON ends in the middle.');
      await this.#window.grow();
    }
  }
}

/**
 * Detects where a JSON document has its rows, from the start of the document.
 * @param whole whether `shape` is the whole document
 */
export function detectJsonLayout(
  shape: Buffer,
  textBetween: (start: number, end: number) => string,
  whole: boolean,
): NonNullable<JsonMetadata['layout']> {
  const start = afterSpace(shape, 0);
  if (!isOpenObject(shape[start])) return { rows_in: 'list' };
  const first = scanValue(shape, start, true);
  if (first && afterSpace(shape, first.end) < shape.length) return { rows_in: 'lines' };
  const lists = [...wholeAndOpenMembers(shape, start)].filter(({ value }) => {
    const inner = afterSpace(shape, value + 1);
    return isOpenList(shape[value]) && isOpenObject(shape[inner]);
  });
  const [only] = lists;
  if (lists.length !== 1 || !only || (whole && !first)) return { rows_in: 'object' };
  return { rows_in: 'wrapped', key: JSON.parse(textBetween(...only.key)) as string };
}

/** Keys of the object and the positions of their values, including a last value that is cut off. */
function* wholeAndOpenMembers(
  shape: Buffer,
  start: number,
): Generator<{ key: readonly [number, number]; value: number }> {
  let next = start + 1;
  for (const { key, value } of membersOf(shape, start)) {
    yield { key, value: value[0] };
    next = afterSpace(shape, value[1]) + 1;
  }
  const keyStart = afterSpace(shape, next);
  const keyEnd = shape[keyStart] === 34 ? afterString(shape, keyStart) : undefined;
  if (keyEnd === undefined) return;
  yield { key: [keyStart, keyEnd], value: afterSpace(shape, afterSpace(shape, keyEnd) + 1) };
}
