import * as z from 'zod';
import { ModelVersion } from '../entities/common.ts';
import { MAX_FAMILY_NAME } from '../limits.ts';

/**
 * Inputs that the steps of a training run could not use. Unreadable lines are skipped and counted; a family that
 * cannot be fitted, or became worse, keeps its previous state; the run continues. `model/dukemm/contract/unusable.py`
 * writes it, with types generated from these schemas.
 */
const Count = z.int().nonnegative();

export const MAX_UNUSABLE_ENTRIES = 50;
/** Characters. */
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
      .describe('Name of the family; null if the line does not contain it.')
      .meta({ example: 'fam_5f2a8c01d4b97e3366aa10cd' }),
    count: Count.describe('Number of outcomes affected.').meta({ example: 12 }),
    reason: z
      .string()
      .min(1)
      .max(MAX_UNUSABLE_REASON)
      .describe('The reason, without content of the buyer.')
      .meta({ example: 'the answer is no number' }),
    kept: ModelVersion.optional()
      .describe(
        'The version whose state of the family is kept; absent if there is none and the family is left out.',
      )
      .meta({ example: '3' }),
  })
  .meta({ id: 'UnusableEntry', description: 'Inputs that a step could not use, and the reason.' });
export type UnusableEntry = z.infer<typeof UnusableEntry>;

export const UnusableData = z
  .strictObject({
    outcomes: Count.describe('Number of single outcomes left out.').meta({ example: 12 }),
    of_outcomes: Count.describe('Number of outcomes that the step read.').meta({ example: 4210 }),
    families: Count.describe('Number of families left out or held back.').meta({ example: 1 }),
    of_families: Count.describe('Number of families that the step read.').meta({ example: 37 }),
    entries: z
      .array(UnusableEntry)
      .max(MAX_UNUSABLE_ENTRIES)
      .describe('By family and reason; those with the most outcomes.'),
  })
  .meta({ id: 'UnusableData', description: 'Inputs that one step of a run could not use.' });
export type UnusableData = z.infer<typeof UnusableData>;

/** By the step that found them. */
export const UnusableOfRun = z
  .strictObject({
    prepare: UnusableData.optional().describe('The prepare step.'),
    train: UnusableData.optional().describe('The training step.'),
    evaluate: UnusableData.optional().describe('The evaluation step.'),
  })
  .meta({ id: 'UnusableOfRun', description: 'Inputs that the steps of a run could not use and skipped.' });
export type UnusableOfRun = z.infer<typeof UnusableOfRun>;

/** The largest share of outcomes or families that any step could not use, 0..1. */
export function unusableShare(run: UnusableOfRun): number {
  const shares = Object.values(run).flatMap((step) =>
    step === undefined
      ? []
      : [share(step.outcomes, step.of_outcomes), share(step.families, step.of_families)],
  );
  return Math.max(0, ...shares);
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.min(1, part / whole));
