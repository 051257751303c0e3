import type { CreateTaskBody } from '../../contracts/api/task-bodies.ts';
import type { ClassWeight } from '../../contracts/entities/label-options.ts';
import { DukeError } from '../../contracts/errors.ts';
import { labelFinder } from '../../contracts/values/labels.ts';

/** What a task says of its labels beyond their names, by label as the task spells it. */
export interface LabelOptions {
  readonly label_descriptions?: Record<string, string>;
  readonly class_weight?: ClassWeight;
}

/**
 * Reads descriptions and costs of labels.
 * @param labels of the task; undefined if it does not ask for labels
 * @throws DukeError validation_failed for options of a task without labels, and of a label that the task does not have
 */
export function labelOptionsOf(
  body: Pick<CreateTaskBody, 'label_descriptions' | 'class_weight'>,
  labels: readonly string[] | undefined,
): LabelOptions {
  const { label_descriptions: descriptions, class_weight: weight } = body;
  return {
    ...(descriptions && { label_descriptions: byLabel('label_descriptions', descriptions, labels) }),
    ...(weight !== undefined && {
      class_weight:
        typeof weight === 'string' ? balanced(weight, labels) : byLabel('class_weight', weight, labels),
    }),
  };
}

function balanced(weight: 'balanced', labels: readonly string[] | undefined): 'balanced' {
  if (labels === undefined) throw refused('class_weight', 'only a task that asks for labels has it');
  return weight;
}

function byLabel<V>(
  path: string,
  values: Readonly<Record<string, V>>,
  labels: readonly string[] | undefined,
): Record<string, V> {
  if (labels === undefined) throw refused(path, 'only a task that asks for labels has it');
  const find = labelFinder(labels);
  const found = new Map<string, V>();
  for (const [spelling, value] of Object.entries(values)) {
    const label = find(spelling);
    if (label === undefined) throw refused(path, `"${spelling.slice(0, 80)}" is not one of the labels`);
    if (found.has(label)) throw refused(path, `"${label}" is given twice`);
    found.set(label, value);
  }
  return Object.fromEntries(found);
}

const refused = (path: string, message: string): DukeError =>
  new DukeError('validation_failed', `${path}: ${message}.`, { errors: [{ path, message }] });
