import type { ModelMetrics } from '../../lib/api/types.ts';
import { KIND } from '../../lib/kind.ts';

type Family = ModelMetrics['families'][number];

const LABELS_NAMED = 3;

/** A readable name of a family: its kind and labels, or its most important fields. */
export function familyName({ kind, classes, feature_importance, family }: Family): string {
  const labelNames =
    classes.length > 0 ? classes.map(({ label }) => label) : feature_importance.map((f) => f.field);
  const more = labelNames.length > LABELS_NAMED ? '…' : '';
  const named = labelNames.slice(0, LABELS_NAMED).join(', ') + (more && `, ${more}`);
  return named ? `${KIND[kind]}: ${named}` : `${KIND[kind]} ${family.slice(-6)}`;
}
