import type { Balance } from '../shared/ledger.ts';

const sat = (amount: number): string => `${amount.toLocaleString('en')} sat`;

/** Lines about the ledger of the whole platform: its sum, or the balance of every account. */
export function ledgerLines(title: string, balances: readonly Balance[], everyAccount: boolean): string[] {
  const sum = balances.reduce((total, { satoshis }) => total + satoshis, 0);
  const entries = balances.reduce((total, balance) => total + balance.entries, 0);
  if (!everyAccount)
    return [
      `Ledger          all ${entries.toLocaleString('en')} entries of ${balances.length} accounts sum to ${sat(sum)} (--ledger lists them)`,
    ];
  return [
    `\nLedger ${title}`,
    ...balances.map(
      ({ account, entries: count, satoshis }) =>
        `  ${account.padEnd(52)} ${String(count).padStart(6)} entries ${sat(satoshis).padStart(20)}`,
    ),
    `  ${'sum of all entries'.padEnd(52)} ${String(entries).padStart(6)} entries ${sat(sum).padStart(20)}`,
  ];
}
