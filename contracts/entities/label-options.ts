import * as z from 'zod';
import { LABEL_COST, LIMITS } from '../limits.ts';
import { Text } from '../text.ts';
import { recordOf } from './common.ts';
import { Label } from './inline-item.ts';

export const LabelDescriptions = recordOf(
  Label,
  Text({ max: LIMITS.labelDescription.value, min: 1, trim: true }),
  LIMITS.labels.value,
).meta({
  id: 'LabelDescriptions',
  description:
    'What labels mean, by label. Duke MM compares the items with them; they matter most where there are few examples or none.',
  example: { spam: 'unwanted advertising' },
});

const LabelCosts = recordOf(
  Label,
  z.number().min(LABEL_COST.min).max(LABEL_COST.max),
  LIMITS.labels.value,
).meta({
  id: 'LabelCosts',
  description: 'The cost of missing a label, by label; 1 for labels that are not listed.',
  example: { spam: 5 },
});

/** The cost of missing a label. */
export const ClassWeight = z
  .union([z.literal('balanced'), LabelCosts], '`balanced`, or costs by label')
  .meta({
    description:
      'The cost of missing each label, or `balanced`: the rarer a label is among the examples, the higher. Duke MM then answers with the label of the least expected cost instead of the most probable one. `confidence` remains the probability that the answer is right.',
    example: 'balanced',
  });
export type ClassWeight = z.infer<typeof ClassWeight>;
