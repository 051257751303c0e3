import type { MetadataOf } from '../../../contracts/entities/file.ts';
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
import { TextOf } from './text-of.ts';
import { Unreadable } from './unreadable.ts';

/** Longest element in units of the encoding: one is parsed in memory at a time. */
const MAX_ELEMENT = 8_000_000;

export type JsonMetadata = MetadataOf<'json'>;
/** What must be known of a JSON document to read it. */
export type JsonForm = Pick<JsonMetadata, 'encoding' | 'layout'>;

/** A part of a JSON document; all parts in their order are the file. An element may have space around it. */
export type JsonPart =
  | { readonly kind: 'other'; readonly bytes: Buffer }
  | {
      readonly kind: 'element';
      readonly bytes: Buffer;
      readonly shape: Buffer;
      /** How many keys it writes down, on all levels. */
      readonly pairs: number;
    };

/** Cuts a JSON document into its rows, none of them parsed yet. @throws Unreadable */
export async function* jsonParts(
  source: ByteChunks,
  form: JsonForm,
): AsyncGenerator<JsonPart, void, undefined> {
  const window = new Window(source, form.encoding);
  try {
    yield* new Cutter(window, form).parts();
  } finally {
    await window.close();
  }
}

class Cutter {
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
    const start = await this.#pastSpace(mark);
    if (start === window.shape.length) throw new Unreadable('The file is empty.');
    yield this.#other(start);
    if (isOpenList(window.shape[0])) yield* this.#list();
    else if (!isOpenObject(window.shape[0]))
      throw new Unreadable('The JSON must be a list of rows, or one object.');
    else if (this.#form.layout?.rows_in === 'wrapped') yield* this.#wrapped(this.#form.layout.key ?? '');
    else yield* this.#objects();
  }

  /** A list at the top: nothing may come behind it. */
  async *#list(): AsyncGenerator<JsonPart, void, undefined> {
    yield* this.#elements();
    const end = await this.#pastSpace(0);
    if (end < this.#window.shape.length)
      throw new Unreadable('There is more text after the end of the JSON; a list needs [ ] around it.');
    if (end > 0) yield this.#other(end);
  }

  /** `[`, the elements, `]`. */
  async *#elements(): AsyncGenerator<JsonPart, void, undefined> {
    const window = this.#window;
    yield this.#other(1);
    const first = await this.#pastSpace(0);
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

  /** One object, or one after the other. */
  async *#objects(): AsyncGenerator<JsonPart, void, undefined> {
    for (;;) {
      if (!isOpenObject(this.#window.shape[0]))
        throw new Unreadable(`Row ${this.#count + 1} is not an object as the rows before it are.`);
      const { end, pairs } = await this.#value(true);
      yield this.#element(end, pairs);
      const next = await this.#pastSpace(0);
      if (next > 0) yield this.#other(next);
      if (this.#window.shape.length === 0) return;
    }
  }

  async *#wrapped(key: string): AsyncGenerator<JsonPart, void, undefined> {
    const window = this.#window;
    const text = new TextOf(this.#form.encoding);
    yield this.#other(1);
    for (;;) {
      const start = await this.#pastSpace(0);
      const keyEnd = await this.#grown(() => afterString(window.shape, start));
      const colon = await this.#pastSpace(keyEnd);
      const value = await this.#pastSpace(colon + 1);
      const name = text.whole(window.bytes.subarray(start * window.unit, keyEnd * window.unit));
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
    const rest = await this.#pastSpace(0);
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

  /** Position behind the space that begins at `from`; the end of the file where nothing else comes. */
  async #pastSpace(from: number): Promise<number> {
    for (;;) {
      const at = afterSpace(this.#window.shape, from);
      if (at < this.#window.shape.length || this.#window.ended) return at;
      await this.#window.grow();
    }
  }

  #value(own: boolean) {
    return this.#grown(() => scanValue(this.#window.shape, 0, own));
  }

  /** What is found in the window once it holds enough. */
  async #grown<T>(find: () => T | undefined): Promise<T> {
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
 * How a JSON document holds its rows, from its beginning.
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

/** Keys of the object and where their values begin, also that of the last one, whose value may be cut off. */
function* wholeAndOpenMembers(
  shape: Buffer,
  start: number,
): Generator<{ key: readonly [number, number]; value: number }> {
  let behind = start + 1;
  for (const { key, value } of membersOf(shape, start)) {
    yield { key, value: value[0] };
    behind = afterSpace(shape, value[1]) + 1;
  }
  const keyStart = afterSpace(shape, behind);
  const keyEnd = shape[keyStart] === 34 ? afterString(shape, keyStart) : undefined;
  if (keyEnd === undefined) return;
  yield { key: [keyStart, keyEnd], value: afterSpace(shape, afterSpace(shape, keyEnd) + 1) };
}
