/** Names reserved for the platform. */
export const RESERVED_NAMES = ['duke-mm', 'duke', 'dukenet', 'admin', 'system', 'platform'] as const;
export type ReservedName = (typeof RESERVED_NAMES)[number];

/**
 * Look-alikes in names of lower-case letters, digits and hyphens. Unicode's confusables (TR 39) have only 0/o, 1/l
 * and m/rn of these; leetspeak digits and pairs are from typosquatting.
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

/** The skeleton of a word: look-alikes replaced by one character, repeated characters collapsed. */
const skeleton = (word: string): string =>
  LOOKS_LIKE.reduce((text, [pattern, letter]) => text.replace(pattern, letter), word.toLowerCase()).replace(
    /(.)\1+/g,
    '$1',
  );

const RESERVED_SKELETONS = new Map(RESERVED_NAMES.map((name) => [skeleton(name.replaceAll('-', '')), name]));

/** A word as it is, and without a trailing number ("duke2", "admin-01"). */
const spellings = (word: string): string[] => [word, word.replace(/\d+$/, '')];

/**
 * The reserved name that a name equals, contains as a part, or resembles: `dukemm`, `duk3--mm`, `admin-2`, `my-
 * system`. Undefined if there is none.
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
