import { TrainingExample } from '../../../contracts/entities/training.ts';
import { answerFault } from '../../../contracts/learning/trainable.ts';

/** One line of stored outcomes: an example, or the reason why it cannot be used, without content of the buyer. */
export type ReadOutcome =
  { readonly example: TrainingExample } | { readonly family: string | null; readonly fault: string };

/** Parses one line and never throws, so that a line from an older release or a truncated one does not cost its whole file. */
export function readOutcome(line: string): ReadOutcome {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { family: null, fault: 'the line is no JSON' };
  }
  const parsed = TrainingExample.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    // A deeper path would contain field names of the buyer.
    const place = issue?.path.slice(0, 2).join('.') ?? '';
    return { family: familyIn(value), fault: `${place || 'the line'} has another form` };
  }
  const example = parsed.data;
  const fault = example.expected === undefined ? undefined : faultOf(example, example.expected);
  return fault === undefined ? { example } : { family: example.family, fault };
}

/** Whether the right answer is known and usable for training. A refusal without a correction is not a label. */
export const isLabel = (
  outcome: TrainingExample,
): outcome is TrainingExample & { expected: string | number } =>
  outcome.weight > 0 && outcome.expected !== undefined && faultOf(outcome, outcome.expected) === undefined;

const faultOf = ({ kind, labels }: TrainingExample, answer: string | number): string | undefined =>
  answerFault(kind, labels ?? [], answer);

function familyIn(value: unknown): string | null {
  const family = typeof value === 'object' && value !== null && 'family' in value ? value.family : null;
  return typeof family === 'string' ? family.slice(0, 256) : null;
}
