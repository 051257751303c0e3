import { NumberInput, type NumberInputProps } from '@mantine/core';

/** Whole satoshis, up to one bitcoin. */
export function AmountInput(props: NumberInputProps) {
  return (
    <NumberInput
      min={1}
      max={100_000_000}
      step={100_000}
      allowDecimal={false}
      allowNegative={false}
      thousandSeparator=","
      suffix=" sat"
      clampBehavior="none"
      {...props}
    />
  );
}

export const amountError = (amount: number | string): string | null =>
  typeof amount === 'number' && amount >= 1 && amount <= 100_000_000 ? null : 'Between 1 and 100,000,000 sat';
