import * as z from 'zod';
import { ModelVersion } from '../entities/common.ts';
import { MAX_FAMILY_NAME } from '../limits.ts';

/**
 * What the steps of a training run could not use. A line is the unit of reading and a family the unit of learning: what
 * cannot be read is left out and counted, a family that cannot be fitted or became worse keeps its last state, and the run goes on.
 * Python writes it in `model/dukemm/contract/unusable.py`, with the types generated from these schemas.
 */
const Count = z.int().nonnegative();

export const MAX_UNUSABLE_ENTRIES = 50;
/** In characters. */
export const MAX_UNUSABLE_REASON = 300;

export const UnusableEntry = z
  .strictObject({
    what: z
      .enum(['outcomes', 'family', 'held_back'])
      .describe(
        'Single outcomes of a family, the whole family, or a family that the gate holds back: what the candidate learned of it is not used.',
      )
      .meta({ example: 'outcomes' }),
    family: z
      .string()
      .max(MAX_FAMILY_NAME)
      .nullable()
      .describe('Name of the family; null if the line does not say it.')
      .meta({ example: 'fam_5f2a8c01d4b97e3366aa10cd' }),
    count: Count.describe('How many outcomes it concerns.').meta({ example: 12 }),
    reason: z
      .string()
      .min(1)
      .max(MAX_UNUSABLE_REASON)
      .describe('Why, in words that name no content of the buyer.')
      .meta({ example: 'the answer is no number' }),
    kept: ModelVersion.optional()
      .describe('The version whose state of the family goes on; absent where it has none and is left out.')
      .meta({ example: '3' }),
  })
  .meta({ id: 'UnusableEntry', description: 'What a step of a run could not use, and why.' });
export type UnusableEntry = z.infer<typeof UnusableEntry>;

export const UnusableData = z
  .strictObject({
    outcomes: Count.describe('Outcomes that were left out one by one.').meta({ example: 12 }),
    of_outcomes: Count.describe('Outcomes that the step looked at.').meta({ example: 4210 }),
    families: Count.describe('Families that were left out as a whole or held back.').meta({ example: 1 }),
    of_families: Count.describe('Families that the step looked at.').meta({ example: 37 }),
    entries: z
      .array(UnusableEntry)
      .max(MAX_UNUSABLE_ENTRIES)
      .describe('By family and reason, those that concern most outcomes.'),
  })
  .meta({ id: 'UnusableData', description: 'What one step of a run could not use.' });
export type UnusableData = z.infer<typeof UnusableData>;

/** By the step that found it. */
export const UnusableOfRun = z
  .strictObject({
    prepare: UnusableData.optional().describe('Of collecting the data.'),
    train: UnusableData.optional().describe('Of training.'),
    evaluate: UnusableData.optional().describe('Of measuring.'),
  })
  .meta({ id: 'UnusableOfRun', description: 'What the steps of a run could not use and went on without.' });
export type UnusableOfRun = z.infer<typeof UnusableOfRun>;

/** The largest share of outcomes or of families that a step could not use, 0..1. */
export function unusableShare(run: UnusableOfRun): number {
  const shares = Object.values(run).flatMap((step) =>
    step === undefined
      ? []
      : [share(step.outcomes, step.of_outcomes), share(step.families, step.of_families)],
  );
  return Math.max(0, ...shares);
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.min(1, part / whole));
