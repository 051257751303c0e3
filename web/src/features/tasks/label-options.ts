import { own } from '../../../../contracts/values/own.ts';
import type { CreateTask, Task } from '../../lib/api/types.ts';

/** The fields of the form about labels. */
export interface LabelFields {
  /** What labels mean, by label; may hold labels that the task no longer has. */
  label_descriptions: Record<string, string>;
  /** What missing a label costs: the same for each (empty), more for rarer ones, or as in `label_costs`. */
  class_weight: '' | 'balanced' | 'costs';
  /** Costs by label; empty texts are fields that were cleared. */
  label_costs: Record<string, number | string>;
}

const CLASS_WEIGHTS: readonly unknown[] = ['', 'balanced', 'costs'] satisfies LabelFields['class_weight'][];
export const isClassWeight = (value: unknown): value is LabelFields['class_weight'] =>
  CLASS_WEIGHTS.includes(value);

/** The values that a form has of these labels. What `read` finds empty is left out. */
function ofLabels<V, R>(
  values: Readonly<Record<string, V>>,
  labels: readonly string[],
  read: (value: V) => R | undefined,
): Record<string, R> | undefined {
  const found = labels.flatMap((label): [string, R][] => {
    const value = own(values, label);
    const result = value === undefined ? undefined : read(value);
    return result === undefined ? [] : [[label, result]];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** What the request says of the labels beyond their names; labels that the task does not have are left out. */
export function labelOptionsOf(
  draft: LabelFields,
  labels: readonly string[],
): Pick<CreateTask, 'label_descriptions' | 'class_weight'> {
  const descriptions = ofLabels(draft.label_descriptions, labels, (text) => text.trim() || undefined);
  const costs = ofLabels(draft.label_costs, labels, (cost) => Number(cost) || undefined);
  return {
    ...(descriptions && { label_descriptions: descriptions }),
    ...(draft.class_weight === 'balanced' && { class_weight: 'balanced' }),
    ...(draft.class_weight === 'costs' && costs && { class_weight: costs }),
  };
}

/** The fields of the form as a task was posted with. */
export const labelFieldsOf = ({
  label_descriptions: descriptions,
  class_weight: weight,
}: Pick<Task, 'label_descriptions' | 'class_weight'>): LabelFields => ({
  label_descriptions: { ...descriptions },
  class_weight: weight === undefined ? '' : weight === 'balanced' ? 'balanced' : 'costs',
  label_costs: typeof weight === 'object' ? { ...weight } : {},
});

/** Whether anything is said of the labels beyond their names. */
export const saysOfLabels = ({ label_descriptions, class_weight }: LabelFields): boolean =>
  class_weight !== '' || Object.values(label_descriptions).some((text) => text.trim() !== '');
