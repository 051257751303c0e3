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

/** @returns the position of the first non-space at or after `from`, or the end of the shape */
export function afterSpace(shape: Buffer, from: number): number {
  let at = from;
  while (isSpace(shape[at])) at += 1;
  return at;
}

/** @returns the position after the string that starts at `from`, or undefined if the shape ends first */
export function afterString(shape: Buffer, from: number): number | undefined {
  for (let quote = shape.indexOf(QUOTE, from + 1); quote >= 0; quote = shape.indexOf(QUOTE, quote + 1)) {
    let at = quote - 1;
    while (at > from && shape[at] === BACKSLASH) at -= 1;
    if ((quote - 1 - at) % 2 === 0) return quote + 1;
  }
  return undefined;
}

export interface ScannedValue {
  /** Position of the comma or bracket of the enclosing value, or the position after its own closing bracket. */
  readonly end: number;
  /** Number of colons outside strings, which is the number of keys. */
  readonly pairs: number;
}

/**
 * Finds the end of the JSON value that starts at `from` by brackets and quotes only. It does not validate: the caller
 * passes the text to `JSON.parse`, which is strict and native. (The streaming JSON parsers on npm state that they are not
 * meant for hostile input.)
 * @param own true if the value ends with its own closing bracket, false if with the comma or bracket after it
 * @returns undefined if the shape ends before the value
 * @throws Unreadable if it is nested too deep
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

/** Positions of a key and its value in an object. */
export interface Member {
  readonly key: readonly [start: number, end: number];
  readonly value: readonly [start: number, end: number];
}

/**
 * Yields the members of the object that starts at `from`, in order; if the object is cut off, only the complete ones.
 * Does not validate: the result is only meaningful for valid JSON.
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
