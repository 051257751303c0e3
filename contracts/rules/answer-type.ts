import type { Column } from '../entities/column.ts';
import type { Kind } from '../entities/common.ts';

/** The kind of answer inferred from a column of known answers, and the reason as a clause for the buyer. */
export interface AnswerType {
  readonly kind: Kind;
  readonly reason: string;
}

/** Rating scales: 1 to 5 stars, 0 to 10, −1/0/1. */
const WIDEST_SCALE = 10;
const SCALE_ENDS = { low: -5, high: 10 } as const;
/**
 * Unitless integers are labels if there are at most this many distinct values, each with this many occurrences on
 * average.
 */
const FEW_WHOLE = { distinct: 20, each: 5 } as const;
/** The same for other numbers, with decimals or a unit: tax rates, price points. */
const FEW_NUMBERS = { distinct: 10, each: 10 } as const;
/** Texts are labels from this many occurrences per distinct value on average. */
const REPEATED_TEXTS = 1.5;
/** Up to this many examples, one repeated word suffices. */
const FEW_EXAMPLES = 10;
/** Up to this many examples, distinct values say nothing: they may be one example per label. */
const TOO_FEW_TO_DIFFER = 4;
const WORD = /^[\p{L}\p{M}_-]{1,20}$/u;
/**
 * Digits from which numbers of equal width that are not amounts count as identifiers: EAN, account and telephone
 * numbers.
 */
const CODE_DIGITS = 8;
const CODE_NAME =
  /(?:^|[^\p{L}])(?:zip|zip ?codes?|zipcodes?|plz|post(?:al)?[ _-]?codes?|postleitzahl(?:en)?|cep|codes?|ids?|phone|telephone|tel|telefon|mobile|fax|ean|gtin|isbn|sku|barcode|iban|vin|ssn|invoice(?:[ _-]?(?:no|nr|number|id))?|(?:order|account|customer|article|part|serial|rechnungs?|kunden|konto|artikel)[ _-]?(?:no|nr|num|number|nummer)|nr|nummer)(?:$|[^\p{L}])/iu;

const labels = (reason: string): AnswerType => ({ kind: 'classification', reason });
const numbers = (reason: string): AnswerType => ({ kind: 'regression', reason });
const texts = (reason: string): AnswerType => ({ kind: 'generation', reason });

/** Splits `zipCode` and `zip_code` into "zip code". */
const wordsOf = (name: string): string => name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replaceAll('_', ' ');

/**
 * Infers the kind of answer from the known answers of a column: few distinct values are labels, numbers are numbers,
 * distinct texts are texts, and numbers that are identifiers are not quantities.
 */
export function inferAnswerType(column: Column): AnswerType {
  switch (column.type) {
    case 'empty':
      return texts('there is no example of an answer');
    case 'boolean':
      return labels('the answers are true and false');
    case 'integer':
    case 'number':
      return typeOfNumbers(column);
    case 'date':
    case 'text':
      return typeOfTexts(column);
  }
}

function typeOfNumbers(column: Column): AnswerType {
  const { filled, values } = column;
  const distinct = values?.length ?? Infinity;
  const each = filled / distinct;
  if (isCode(column)) {
    return each >= REPEATED_TEXTS
      ? labels('the numbers are codes that repeat, not amounts')
      : texts('the numbers are codes, not amounts');
  }
  const unit = unitOf(column);
  const whole = values?.every((value) => /^[^.,]*(?:[.,]0+)?$/.test(value)) ?? column.type === 'integer';
  if (!unit && whole && isScale(column, distinct))
    return labels(`the answers are ${distinct} whole numbers of a scale`);
  const few =
    (!unit && whole && distinct <= FEW_WHOLE.distinct && each >= FEW_WHOLE.each) ||
    (distinct <= FEW_NUMBERS.distinct && each >= FEW_NUMBERS.each);
  if (few)
    return labels(`${filled} answers are the same ${distinct} ${distinct === 1 ? 'number' : 'numbers'}`);
  if (column.type === 'integer') return numbers('the answers are whole numbers');
  return numbers(unit ? `the answers are numbers with "${unit}"` : 'the answers are numbers');
}

/** Has a unit, or a name that means an amount of money. */
const unitOf = ({ form }: Column): string => (form?.prefix ?? form?.suffix ?? '').trim();

function isScale({ filled, min, max }: Column, distinct: number): boolean {
  if (min === undefined || max === undefined) return false;
  const bounded = min >= SCALE_ENDS.low && max <= SCALE_ENDS.high && max - min <= WIDEST_SCALE;
  return bounded && (distinct < filled || (distinct === 2 && min === 0 && max === 1));
}

/** Integers that are identifiers: by the name of the column, or because they are long and of equal width. */
function isCode({ name, type, form, filled, min, max }: Column): boolean {
  if (
    min === undefined ||
    max === undefined ||
    type !== 'integer' ||
    min < 0 ||
    form?.group !== undefined ||
    form?.prefix ||
    form?.suffix
  )
    return false;
  const width = String(max).length;
  const sameWidth = String(min).length === width;
  if (sameWidth && width >= CODE_DIGITS && filled >= 3) return true;
  return CODE_NAME.test(wordsOf(name)) && (sameWidth || width >= 3);
}

function typeOfTexts({ type, filled, values }: Column): AnswerType {
  const what = type === 'date' ? 'dates' : 'texts';
  if (!values) return texts(`the answers are ${what} that are long or seldom repeat`);
  const distinct = values.length;
  const words = values.every((value) => WORD.test(value));
  if (distinct === filled) {
    return words && filled <= TOO_FEW_TO_DIFFER
      ? labels(`the answers are ${distinct} single words`)
      : texts(`the answers are ${what} that all differ`);
  }
  const repeated = filled / distinct >= REPEATED_TEXTS || distinct <= 2;
  if (repeated || (words && filled <= FEW_EXAMPLES))
    return labels(`${filled} answers are the same ${distinct === 1 ? 'text' : `${distinct} texts`}`);
  return texts(`the answers are ${what} that seldom repeat`);
}

/** The kind that the buyer names, else the one inferred from the labels or the known answers. */
export function kindOf(
  said: { readonly kind?: Kind | undefined; readonly labels?: readonly string[] | undefined },
  answers: Column | undefined,
): { readonly kind: Kind; readonly reason: string | undefined } {
  if (said.kind) return { kind: said.kind, reason: undefined };
  if (said.labels) return { kind: 'classification', reason: 'labels are named' };
  return answers
    ? inferAnswerType(answers)
    : { kind: 'generation', reason: 'there is no example of an answer' };
}
