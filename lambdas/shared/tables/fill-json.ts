import { Encoder } from './encode.ts';
import { jsonParts } from './json-parts.ts';
import type { JsonMetadata, JsonPart } from './json-parts.ts';
import { columnOfKey, SCALAR_COLUMN } from './json-rows.ts';
import { afterSpace, isOpenObject, membersOf } from './json-scan.ts';
import type { Member } from './json-scan.ts';
import { unitOf } from './source.ts';
import type { ByteChunks } from './source.ts';
import { PartDecoder } from './part-decoder.ts';

type Element = Extract<JsonPart, { kind: 'element' }>;

/** Returns the JSON text of the new value for a row, or undefined to leave the value unchanged. */
export type NewValue = (row: number) => string | undefined;

export interface AddedKey {
  readonly name: string;
  readonly value: (row: number) => string;
}

export interface JsonChanges {
  /** Key whose values are replaced. */
  readonly column: string;
  readonly newValue: NewValue;
  readonly added?: readonly AddedKey[];
}

/**
 * Sets the value of one key in each row of a JSON document and adds further keys. Every other byte is unchanged: key
 * order, white space, number notation, nested values, encoding.
 * @throws Unreadable
 */
export async function* filledJson(
  metadata: JsonMetadata,
  source: ByteChunks,
  { column, newValue, added = [] }: JsonChanges,
): AsyncGenerator<Buffer, void, undefined> {
  const decoder = new PartDecoder(metadata.encoding);
  const encoder = new Encoder(metadata.encoding);
  let row = 0;
  for await (const part of jsonParts(source, metadata)) {
    if (part.kind === 'other') {
      yield part.bytes;
      continue;
    }
    row += 1;
    const element = new ElementEditor(part, decoder, encoder, unitOf(metadata.encoding));
    const value = newValue(row);
    if (value !== undefined) element.set(column, value);
    for (const { name, value: valueOf } of added) element.set(name, valueOf(row));
    yield element.bytes();
  }
}

/** Yields the JSON text of one column for each row; undefined if the row lacks the key. */
export async function* jsonValues(
  metadata: JsonMetadata,
  source: ByteChunks,
  column: string,
): AsyncGenerator<string | undefined, void, undefined> {
  const decoder = new PartDecoder(metadata.encoding);
  const encoder = new Encoder(metadata.encoding);
  for await (const part of jsonParts(source, metadata)) {
    if (part.kind === 'element')
      yield new ElementEditor(part, decoder, encoder, unitOf(metadata.encoding)).valueOf(column);
  }
}

/** Edits one row of the document: an object, or a scalar, which is the only column. */
class ElementEditor {
  readonly #part: Element;
  readonly #textBetween: (start: number, end: number) => string;
  readonly #encoder: Encoder;
  readonly #unit: number;
  readonly #start: number;
  readonly #members: readonly Member[] | undefined;
  readonly #edits: { at: readonly [number, number]; bytes: Buffer }[] = [];

  constructor(part: Element, decoder: PartDecoder, encoder: Encoder, unit: number) {
    this.#part = part;
    this.#textBetween = decoder.slicer(part.bytes);
    this.#encoder = encoder;
    this.#unit = unit;
    this.#start = afterSpace(part.shape, 0);
    this.#members = isOpenObject(part.shape[this.#start])
      ? [...membersOf(part.shape, this.#start)]
      : undefined;
  }

  valueOf(column: string): string | undefined {
    const place = this.#placeOf(column);
    return place && this.#textBetween(...place);
  }

  /** @param json text of the value */
  set(column: string, json: string): void {
    const place = this.#placeOf(column);
    if (place) this.#edits.push({ at: place, bytes: this.#encoded(json) });
    else if (this.#members) this.#insert(column, json);
  }

  bytes(): Buffer {
    const { bytes } = this.#part;
    const pieces: Buffer[] = [];
    let at = 0;
    for (const edit of this.#edits.toSorted((a, b) => a.at[0] - b.at[0])) {
      pieces.push(bytes.subarray(at, edit.at[0] * this.#unit), edit.bytes);
      at = edit.at[1] * this.#unit;
    }
    return pieces.length === 0 ? bytes : Buffer.concat([...pieces, bytes.subarray(at)]);
  }

  #placeOf(column: string): readonly [number, number] | undefined {
    if (!this.#members) return column === SCALAR_COLUMN ? [this.#start, this.#valueEnd()] : undefined;
    const exact = this.#members.find(({ key }) => this.#keyOf(key) === column);
    return (exact ?? this.#members.find(({ key }) => columnOfKey(this.#keyOf(key)) === column))?.value;
  }

  #keyOf(key: Member['key']): string {
    return JSON.parse(this.#textBetween(...key)) as string;
  }

  #valueEnd(): number {
    let end = this.#part.shape.length;
    while (end > this.#start && afterSpace(this.#part.shape, end - 1) === end) end -= 1;
    return end;
  }

  /** Appends a member after the last one, with the white space used between the others. */
  #insert(column: string, json: string): void {
    const [last, before] = [this.#members!.at(-1), this.#members!.at(-2)];
    const colon = last ? this.#textBetween(last.key[1], last.value[0]) : ': ';
    const comma = !last
      ? ''
      : before
        ? this.#textBetween(before.value[1], last.key[0])
        : `,${this.#textBetween(this.#start + 1, last.key[0])}`;
    const at = last ? last.value[1] : this.#start + 1;
    this.#edits.push({
      at: [at, at],
      bytes: this.#encoded(`${comma}${JSON.stringify(column)}${colon}${json}`),
    });
  }

  /** Encodes JSON text; if the encoding lacks a character, all non-ASCII characters are escaped. */
  #encoded(json: string): Buffer {
    const bytes = this.#encoder.encode(json);
    if (bytes) return bytes;
    const escaped = json.replace(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    return Buffer.from(escaped, 'latin1');
  }
}
