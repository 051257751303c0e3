import { NumberInput, type NumberInputProps } from '@mantine/core';
import { TRANSFER_SATOSHIS } from '../../../../../contracts/limits.ts';
import { number, sats } from '../../../lib/format.ts';

/** Whole satoshis, up to one bitcoin. */
export function AmountInput(props: NumberInputProps) {
  return (
    <NumberInput
      {...TRANSFER_SATOSHIS}
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
  typeof amount === 'number' && amount >= TRANSFER_SATOSHIS.min && amount <= TRANSFER_SATOSHIS.max
    ? null
    : `Between ${number(TRANSFER_SATOSHIS.min)} and ${sats(TRANSFER_SATOSHIS.max)}`;
