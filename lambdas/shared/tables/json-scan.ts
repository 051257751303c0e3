import { Unreadable } from './unreadable.ts';

const MAX_DEPTH = 64;

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const isSpace = (unit: number | undefined): boolean =>
  unit === 32 || unit === 10 || unit === 13 || unit === 9;

/** @returns where something else than space begins, at most the end of the shape */
export function afterSpace(shape: Buffer, from: number): number {
  let at = from;
  while (isSpace(shape[at])) at += 1;
  return at;
}

/** @returns where the string that begins at `from` has ended, or undefined where the shape ends before */
export function afterString(shape: Buffer, from: number): number | undefined {
  for (let quote = shape.indexOf(QUOTE, from + 1); quote >= 0; quote = shape.indexOf(QUOTE, quote + 1)) {
    let at = quote - 1;
    while (at > from && shape[at] === BACKSLASH) at -= 1;
    if ((quote - 1 - at) % 2 === 0) return quote + 1;
  }
  return undefined;
}

export interface ScannedValue {
  /** Position of what ended it: a comma or a bracket that belongs to what is around it, or behind its own last bracket. */
  readonly end: number;
  /** Colons outside strings, which is how many keys it writes down. */
  readonly pairs: number;
}

/**
 * The end of the JSON value that begins at `from`, which only brackets and quotes tell: whether it is JSON at all is for
 * `JSON.parse` to say, which is strict and native. (Streaming JSON parsers of npm say themselves that they are not for
 * hostile input.)
 * @param own whether the value ends with its own last bracket, or with the comma or bracket behind it
 * @returns undefined where the shape ends before the value
 * @throws Unreadable where it is nested too deep
 */
export function scanValue(shape: Buffer, from: number, own: boolean): ScannedValue | undefined {
  let depth = 0;
  let pairs = 0;
  for (let at = from; at < shape.length;) {
    const unit = shape[at];
    if (unit === QUOTE) {
      const end = afterString(shape, at);
      if (end === undefined) return undefined;
      at = end;
      continue;
    }
    if (unit === COLON) pairs += 1;
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) {
      depth += 1;
      if (depth > MAX_DEPTH) throw new Unreadable(`The JSON is nested deeper than ${MAX_DEPTH} levels.`);
    } else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) {
      if (depth === 0) return { end: at, pairs };
      depth -= 1;
      if (own && depth === 0) return { end: at + 1, pairs };
    } else if (unit === COMMA && depth === 0) return { end: at, pairs };
    at += 1;
  }
  return undefined;
}

/** Where a key and its value stand in the object around them. */
export interface Member {
  readonly key: readonly [start: number, end: number];
  readonly value: readonly [start: number, end: number];
}

/**
 * The members of the object that begins at `from`, in their order; of one that is cut off, those that are whole.
 * The object has been found to be JSON, or what comes out here is not used.
 */
export function* membersOf(shape: Buffer, from: number): Generator<Member, void, undefined> {
  for (let at = from + 1; ;) {
    const start = afterSpace(shape, at);
    if (shape[start] !== QUOTE) return;
    const end = afterString(shape, start);
    if (end === undefined) return;
    const colon = afterSpace(shape, end);
    const value = afterSpace(shape, colon + 1);
    const scanned = scanValue(shape, value, false);
    if (shape[colon] !== COLON || !scanned) return;
    let valueEnd = scanned.end;
    while (isSpace(shape[valueEnd - 1])) valueEnd -= 1;
    yield { key: [start, end], value: [value, valueEnd] };
    if (shape[scanned.end] !== COMMA) return;
    at = scanned.end + 1;
  }
}

export const isOpenList = (unit: number | undefined): boolean => unit === OPEN_LIST;
export const isCloseList = (unit: number | undefined): boolean => unit === CLOSE_LIST;
export const isOpenObject = (unit: number | undefined): boolean => unit === OPEN_OBJECT;
export const isComma = (unit: number | undefined): boolean => unit === COMMA;
