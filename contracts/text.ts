import * as z from 'zod';
import { comparable } from './values/comparable.ts';

export interface TextBounds {
  /** Characters are Unicode code points, as JSON Schema and Python count them. */
  readonly max: number;
  readonly min?: number;
  /** Trims white space first. */
  readonly trim?: boolean;
}

/** Whether a text has more than `enough` code points. Stops counting there. */
function longerThan(text: string, enough: number): boolean {
  if (text.length <= enough) return false;
  if (text.length > 2 * enough) return true;
  let count = 0;
  for (let i = 0; i < text.length && count <= enough; count++) i += text.codePointAt(i)! > 0xffff ? 2 : 1;
  return count > enough;
}

/** A text with a maximum length and no other rule, for data exchanged between platform and model. */
export const StoredText = ({ max, min = 0, trim = false }: TextBounds) =>
  (trim ? z.string().trim() : z.string())
    .refine((text) => !longerThan(text, max), `at most ${max.toLocaleString('en')} characters`)
    .refine(
      (text) => min === 0 || longerThan(text, min - 1),
      min === 1 ? 'must not be empty' : `at least ${min} characters`,
    )
    .meta({ maxLength: max, ...(min > 0 && { minLength: min }) });

/**
 * A string of the API: well-formed Unicode without NUL, with its length in code points. UTF-8, DynamoDB and the model
 * cannot hold unpaired surrogates, spreadsheets cannot hold NUL.
 */
export const Text = (bounds: TextBounds) =>
  StoredText(bounds)
    .refine((text) => text.isWellFormed(), 'holds half of a surrogate pair, which is no character')
    .refine((text) => !text.includes('\0'), 'holds a NUL character')
    .meta({ maxLength: bounds.max, ...(bounds.min && { minLength: bounds.min }) });

/** Control characters, line and paragraph separators, and bidirectional overrides (Unicode TR 36, 2.9). */
const INVISIBLE_CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

const LINE_BREAKS = /[\t\n\r]/g;

/**
 * A displayed name: `Text` with at least one visible character, in one line.
 * @param lines allows line breaks and tabs, as in the headings of tables
 */
export const Name = ({
  max,
  min = 1,
  trim = false,
  lines = false,
}: TextBounds & { readonly lines?: boolean }) =>
  Text({ max, min, trim })
    .refine(
      (name) => !INVISIBLE_CONTROL.test(lines ? name.replace(LINE_BREAKS, ' ') : name),
      'holds a control or direction-changing character',
    )
    .refine((name) => min === 0 || comparable(name) !== '', 'holds no visible character');
