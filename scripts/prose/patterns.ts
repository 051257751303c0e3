/** A wording that docs/style.md replaces. */
export interface Pattern {
  readonly expression: RegExp;
  /** What to write instead. */
  readonly instead: string;
}

/** Each pattern had occurrences in this repository. Add one only if every match is a fault. */
export const PATTERNS: readonly Pattern[] = [
  { expression: /\b(?:MOST|FEWEST|LONGEST|SHORTEST|LARGEST|SMALLEST)_[A-Z]\w*/, instead: 'MAX_… or MIN_…' },
  { expression: /\b(?:MOST|FEWEST|AT_ONCE|OF) = /, instead: 'a noun: what is limited, and the unit' },
  { expression: /\bconst of of\b/, instead: 'a noun for the loop variable' },
  { expression: /\banew\b/, instead: '“again”, or a verb: rebuild, recreate, refit' },
  { expression: /\bafresh\b/, instead: '“again”, or what is deleted or created' },
  { expression: /\bon (?:its|their) way\b/, instead: '“active”, “pending” or “being sent”' },
  { expression: /\bgoes along\b/, instead: '“is added” or “is sent”' },
  { expression: /\b(?:is|are|was|were) told of\b/, instead: '“is notified of”, or who receives it' },
  { expression: /\bnought\b/, instead: '“zero” or “0”' },
  { expression: /\btwins?\b/, instead: '“duplicate”' },
  { expression: /\bleaves? the house\b/, instead: 'what is sent, and where' },
  {
    expression: /\b[Oo]ne \w+ an? (?:row|item|family|task|label|line|epoch|member|buyer)\b/,
    instead: '“per”: one line per epoch',
  },
  {
    expression:
      /\b(?:undefined|None|null|false|Error|ScriptError|ZodError|DukeError|invalid_request|artifact_invalid) where (?!the log)/,
    instead: '“if”: @throws Error if …',
  },
];

/** A match of a pattern. `line` and `column` start at 1. */
export interface Finding {
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly instead: string;
}

/** All findings in a text, in the order of its lines. */
export function findingsIn(text: string): Finding[] {
  return text.split('\n').flatMap((content, index) =>
    PATTERNS.flatMap(({ expression, instead }) => {
      const match = expression.exec(content);
      return match ? [{ line: index + 1, column: match.index + 1, text: match[0], instead }] : [];
    }),
  );
}
