/** Names that only the platform may speak under. */
export const RESERVED_NAMES = ['duke-mm', 'duke', 'dukenet', 'admin', 'system', 'platform'] as const;
export type ReservedName = (typeof RESERVED_NAMES)[number];

/**
 * Characters that pass for one another in a name of lower-case letters, digits and hyphens. Unicode's table of confusables
 * (TR 39) knows of these only 0/o, 1/l and m/rn; the digits of leetspeak and the pairs are from typosquatting.
 */
const LOOKS_LIKE: readonly (readonly [RegExp, string])[] = [
  [/0/g, 'o'],
  [/[1i]/g, 'l'],
  [/3/g, 'e'],
  [/4/g, 'a'],
  [/5/g, 's'],
  [/7/g, 't'],
  [/8/g, 'b'],
  [/vv/g, 'w'],
  [/v/g, 'u'],
  [/rn/g, 'm'],
  [/cl/g, 'd'],
];

/** What is left of a word when similar characters are one and repeated ones are written once. */
const skeleton = (word: string): string =>
  LOOKS_LIKE.reduce((text, [pattern, letter]) => text.replace(pattern, letter), word.toLowerCase()).replace(
    /(.)\1+/g,
    '$1',
  );

const RESERVED_SKELETONS = new Map(RESERVED_NAMES.map((name) => [skeleton(name.replaceAll('-', '')), name]));

/** Spellings of a word: as it is, and without a number at its end ("duke2", "admin-01"). */
const spellings = (word: string): string[] => [word, word.replace(/\d+$/, '')];

/**
 * The reserved name that a name is, contains as a whole part, or looks like: `dukemm`, `duk3--mm`, `admin-2`, `my-system`.
 * Undefined where it resembles none.
 */
export function reservedNameIn(name: string): ReservedName | undefined {
  const parts = name.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');
  for (let start = 0; start < parts.length; start++) {
    for (let end = parts.length; end > start; end--) {
      for (const word of spellings(parts.slice(start, end).join(''))) {
        const reserved = RESERVED_SKELETONS.get(skeleton(word));
        if (reserved !== undefined) return reserved;
      }
    }
  }
  return undefined;
}
