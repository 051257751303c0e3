import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { StoredText } from '../text.ts';
import { recordOf } from './common.ts';

/** Smallest and largest cost; a label without one costs 1. */
const COST = { min: 0.001, max: 1000 } as const;

/** What it costs to miss a label. @param label how a label is read */
export const classWeightOf = <L extends z.ZodType<string>>(label: L) =>
  z
    .union([
      z.literal('balanced'),
      recordOf(label, z.number().min(COST.min).max(COST.max), LIMITS.labels.value),
    ])
    .meta({
      description:
        'What it costs to miss a label, by label (1 where none is given), or `balanced`: the rarer a label is among the examples, the more. Duke MM then answers with the label of the least expected cost instead of the most probable one. `confidence` remains the probability that the answer is right.',
      example: 'balanced',
    });
/** As it is stored, and as the model gets it. */
export const ClassWeight = classWeightOf(StoredText({ max: LIMITS.label.value, min: 1 }));
export type ClassWeight = z.infer<typeof ClassWeight>;
