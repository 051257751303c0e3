import type { NumberInputProps } from '@mantine/core';
import type { Task } from './api/types.ts';

/** Settings of a number input for a column that writes its numbers in this form. */
export function numberInputProps(form: Task['answer_form']): NumberInputProps {
  if (!form) return {};
  const { decimal, group, indian, prefix, suffix, decimals, fixed } = form;
  return {
    decimalSeparator: decimal,
    // A point or a comma that is typed is the decimal one.
    allowedDecimalSeparators: group === '.' || group === ',' ? [decimal] : ['.', ','],
    ...(group && { thousandSeparator: group, thousandsGroupStyle: indian ? 'lakh' : 'thousand' }),
    ...(prefix && { prefix }),
    ...(suffix && { suffix }),
    ...(fixed && { decimalScale: decimals, fixedDecimalScale: true }),
  };
}
