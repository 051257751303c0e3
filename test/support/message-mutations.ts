import fc from 'fast-check';

type Path = readonly (string | number)[];
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Stands for a number that `JSON.stringify` does not write. */
const raw = (text: string): string => `raw:${text}`;
const RAW_NUMBERS = [
  'NaN',
  '-Infinity',
  '1e999',
  `1${'0'.repeat(100)}`,
  `-1${'0'.repeat(101)}`,
  `1${'0'.repeat(400)}`,
];
const WRONG_TYPES: Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  '',
  'text',
  '2026-02-30T00:00:00Z',
  [],
  [null],
  {},
  { a: 1 },
];
const CHARACTERS = ['a', '1', '\u{1f600}', '\ud800', '\0'];
/** Of texts that are tried at every place. */
const MAX_TRIED_LENGTH = 4000;
/** Ends that a pattern must not let pass: a line feed, and a digit of another script. */
const SUFFIXES = ['\n', '\u0661', '\ud800', '\0'];

/** All bounds in a JSON Schema. */
export function boundsIn(schema: unknown): number[] {
  const found = new Set<number>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [keyword, part] of Object.entries(value)) {
      if (typeof part === 'number' && /^(?:min|max|exclusiveM)/.test(keyword)) found.add(part);
      visit(part);
    }
  };
  visit(schema);
  return [...found];
}

/**
 * JSON texts: the sample itself or with one change at a random place, as a faulty or hostile sender would make it: a missing or
 * an additional field, a wrong type, a bound and its neighbours, numbers that are none or huge, unusual characters.
 */
export function mutations(sample: Json, bounds: readonly number[]): fc.Arbitrary<string> {
  const paths = pathsOf(sample);
  const near = bounds.flatMap((bound) => [bound - 1, bound, bound + 1, -bound, bound * (1 + Number.EPSILON)]);
  const lengths = [...new Set(near)].filter((length) => Number.isSafeInteger(length) && length >= 0);
  const replacement = (value: Json): fc.Arbitrary<Json> =>
    fc.oneof(
      fc.constant(value),
      fc.constantFrom(...WRONG_TYPES),
      fc.constantFrom(...RAW_NUMBERS).map(raw),
      fc.oneof(fc.constantFrom(...near), fc.double({ noNaN: true, noDefaultInfinity: true })),
      ...sameType(value, lengths),
    );
  return fc
    .constantFrom(...paths)
    .chain((path) => replacement(at(sample, path)).map((value) => withValue(sample, path, value)))
    .chain((changed) => fc.oneof({ weight: 4, arbitrary: fc.constant(changed) }, withoutField(changed)))
    .map((changed) => JSON.stringify(changed).replace(/"raw:([^"]*)"/g, '$1'));
}

/** JSON texts with one change each, at every place: the field missing, null, and another field beside it. */
export function everyFieldChanged(sample: Json): string[] {
  const changed = pathsOf(sample).flatMap((path) => {
    const object = objectAt(sample, path);
    const without = (gone: string): Json =>
      Object.fromEntries(Object.entries(object).filter(([name]) => name !== gone));
    return [
      withValue(sample, path, null),
      ...Object.keys(object).map((gone) => withValue(sample, path, without(gone))),
      ...(Object.keys(object).length > 0 ? [withValue(sample, path, { ...object, surprise: 1 })] : []),
    ];
  });
  return [...new Set(changed.map((value) => JSON.stringify(value)))];
}

/** JSON texts in which each text of the sample in turn has each of these lengths. */
export function everyLength(sample: Json, bounds: readonly number[]): string[] {
  const lengths = bounds
    .filter((bound) => bound > 0 && bound <= MAX_TRIED_LENGTH)
    .flatMap((bound) => [bound, bound + 1]);
  const texts = pathsOf(sample).filter((path) => typeof at(sample, path) === 'string');
  return texts.flatMap((path) =>
    lengths.map((length) => JSON.stringify(withValue(sample, path, '\u{1f600}'.repeat(length)))),
  );
}

/** Other values of the type that `value` has. */
function sameType(value: Json, lengths: readonly number[]): fc.Arbitrary<Json>[] {
  const small = lengths.filter((length) => length <= 600);
  if (typeof value === 'string') {
    const repeated = fc
      .tuple(fc.constantFrom(...CHARACTERS), fc.constantFrom(...lengths.filter((length) => length < 2e6)))
      .map(([character, length]) => character.repeat(length));
    return [repeated, fc.constantFrom(...SUFFIXES).map((suffix) => value + suffix)];
  }
  if (Array.isArray(value)) {
    const first = value[0] ?? 'text';
    const filled = (length: number): Json[] =>
      Array.from({ length }, (_, i) => (typeof first === 'string' ? `${first}-${i}` : first));
    return [fc.constantFrom(...small).map(filled), fc.constant([first, first])];
  }
  if (typeof value === 'object' && value !== null) {
    const entry = Object.values(value)[0] ?? 1;
    const filled = (size: number): Json =>
      Object.fromEntries(Array.from({ length: size }, (_, i) => [`name ${i}`, entry]));
    return [fc.constant({ ...value, surprise: 1 }), fc.constantFrom(...small).map(filled)];
  }
  return [];
}

function withoutField(value: Json): fc.Arbitrary<Json> {
  const objects = pathsOf(value).filter((path) => Object.keys(objectAt(value, path)).length > 0);
  if (objects.length === 0) return fc.constant(value);
  return fc.constantFrom(...objects).chain((path) => {
    const object = objectAt(value, path);
    return fc
      .constantFrom(...Object.keys(object))
      .map((gone) =>
        withValue(value, path, Object.fromEntries(Object.entries(object).filter(([name]) => name !== gone))),
      );
  });
}

function objectAt(value: Json, path: Path): { [key: string]: Json } {
  const found = at(value, path);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? found : {};
}

/** Of arrays the first two entries, of long objects the first thirty. */
function pathsOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value)
    ? [...value.entries()].slice(0, 2)
    : Object.entries(value).slice(0, 30);
  return [path, ...entries.flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}

const at = (value: Json, path: Path): Json =>
  path.reduce<Json>((found, key) => (found as Record<string | number, Json>)[key] as Json, value);

function withValue(value: Json, [key, ...rest]: Path, changed: Json): Json {
  if (key === undefined) return changed;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    Json
  >;
  copy[key] = withValue(copy[key] as Json, rest, changed);
  return copy;
}
