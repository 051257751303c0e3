import type { Column } from '../entities/column.ts';
import type { Kind } from '../entities/common.ts';
import { formatNumber } from './number-form.ts';

const SHOWN_LABELS = 3;

/**
 * An example of an answer in this column, shown before the task is posted: `1.234,56 €`; `bad or good`. Undefined if
 * unknown.
 */
export function sampleAnswer(column: Column, kind: Kind, labels: readonly string[] = []): string | undefined {
  switch (kind) {
    case 'regression': {
      const { form, min, max } = column;
      return form && min !== undefined && max !== undefined ? formatNumber((min + max) / 2, form) : undefined;
    }
    case 'classification': {
      const labelTexts = labels.length > 0 ? labels : (column.values ?? []);
      const shown = labelTexts.slice(0, SHOWN_LABELS);
      const more = labelTexts.length > SHOWN_LABELS ? ' …' : '';
      return shown.length > 0 ? `${shown.join(' or ')}${more}` : undefined;
    }
    case 'generation':
      return column.values?.[0] ?? column.sample;
  }
}
