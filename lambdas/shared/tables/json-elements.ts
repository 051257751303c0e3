import type { TextChunks } from './decode.ts';
import { Unreadable } from './unreadable.ts';

/** Longest element in characters: one is parsed in memory at a time. */
const MAX_ELEMENT = 8_000_000;
const MAX_DEPTH = 64;

export interface JsonElement {
  /** 1-based. */
  readonly number: number;
  readonly text: string;
  /** Colons outside strings, which is how many keys it writes down. */
  readonly pairs: number;
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/**
 * Cuts a JSON document into the elements of its top-level list, or takes a top-level object as the only one. It finds
 * ends only; each element is then parsed by `JSON.parse`, which is strict and native. (Streaming JSON parsers of npm
 * say themselves that they are not for hostile input.)
 */
class ElementCutter {
  #form: 'unknown' | 'list' | 'object' | 'ended' = 'unknown';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #held = '';
  #pairs = 0;
  #count = 0;

  *push(chunk: string): Generator<JsonElement> {
    let start = this.#form === 'unknown' ? this.#begin(chunk) : 0;
    for (let i = start; i < chunk.length; i++) {
      const code = chunk.charCodeAt(i);
      if (this.#inString) {
        this.#insideString(code);
        continue;
      }
      if (this.#form === 'ended') {
        if (!isSpace(code))
          throw new Unreadable('There is more text after the end of the JSON; a list needs [ ] around it.');
        continue;
      }
      if (code === QUOTE) this.#inString = true;
      else if (code === COLON) this.#pairs += 1;
      else if (code === OPEN_LIST || code === OPEN_OBJECT) this.#deeper();
      else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
        this.#depth -= 1;
        if (this.#depth === 0) {
          const end = this.#form === 'object' ? i + 1 : i;
          yield* this.#cut(chunk.slice(start, end), true);
          if (this.#form === 'list' && code !== CLOSE_LIST)
            throw new Unreadable('The list ends with the wrong bracket.');
          this.#form = 'ended';
        }
      } else if (code === COMMA && this.#form === 'list' && this.#depth === 1) {
        yield* this.#cut(chunk.slice(start, i), false);
        start = i + 1;
      }
    }
    if (this.#form === 'list' || this.#form === 'object') this.#hold(chunk.slice(start));
  }

  end(): void {
    if (this.#form === 'unknown') throw new Unreadable('The file is empty.');
    if (this.#form !== 'ended') throw new Unreadable('The JSON ends in the middle.');
  }

  /** Where the elements begin in the first chunk that holds more than space. */
  #begin(chunk: string): number {
    const at = chunk.search(/[^ \t\r\n]/);
    if (at < 0) return chunk.length;
    const first = chunk.charCodeAt(at);
    if (first !== OPEN_LIST && first !== OPEN_OBJECT) {
      throw new Unreadable('The JSON must be a list of rows, or one object.');
    }
    this.#form = first === OPEN_LIST ? 'list' : 'object';
    if (this.#form === 'object') return at;
    this.#depth = 1;
    return at + 1;
  }

  #insideString(code: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (code === BACKSLASH) this.#escaped = true;
    else if (code === QUOTE) this.#inString = false;
  }

  #deeper(): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new Unreadable(`The JSON is nested deeper than ${MAX_DEPTH} levels.`);
  }

  #hold(text: string): void {
    this.#held += text;
    if (this.#held.length > MAX_ELEMENT) {
      throw new Unreadable(`Row ${this.#count + 1} is longer than 8 million characters.`);
    }
  }

  *#cut(text: string, last: boolean): Generator<JsonElement> {
    this.#hold(text);
    const whole = this.#held;
    this.#held = '';
    if (last && this.#count === 0 && whole.trim() === '') return;
    this.#count += 1;
    yield { number: this.#count, text: whole, pairs: this.#pairs };
    this.#pairs = 0;
  }
}

/** The elements of a JSON document, none of them parsed yet. @throws Unreadable */
export async function* jsonElements(text: TextChunks): AsyncGenerator<JsonElement, void, undefined> {
  const cutter = new ElementCutter();
  for await (const chunk of text) yield* cutter.push(chunk);
  cutter.end();
}
