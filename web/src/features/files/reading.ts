import type { Column } from '../../../../contracts/entities/column.ts';
import { formatNumber } from '../../../../contracts/values/number-form.ts';

/** How a column was read, if its format is unusual: ` like 1.234,56 €, “NA” is blank`. */
export function readingOf({ form, max, missing = [] }: Pick<Column, 'form' | 'max' | 'missing'>): string {
  const local =
    form &&
    ((form.decimal !== '.' && form.decimals > 0) || form.group || form.prefix || form.suffix || form.plus);
  const like = local && max !== undefined ? ` like ${formatNumber(max, form)}` : '';
  if (missing.length === 0) return like;
  const texts = missing.map((text) => `“${text}”`).join(', ');
  return `${like}, ${texts} ${missing.length === 1 ? 'is' : 'are'} blank`;
}
