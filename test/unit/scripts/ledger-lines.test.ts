import { describe, expect, it } from 'vitest';
import { ledgerLines } from '../../../scripts/demo/ledger-lines.ts';

const balances = [
  { account: 'available:a', entries: 3, satoshis: 1500 },
  { account: 'external:sandbox', entries: 2, satoshis: -2000 },
  { account: 'held:a', entries: 1, satoshis: 500 },
];

describe('the ledger in the output of npm run demo', () => {
  it('is one line by default, whatever the number of accounts', () => {
    const [line, ...more] = ledgerLines('after', balances, false);
    expect(more).toEqual([]);
    expect(line).toContain('all 6 entries of 3 accounts sum to 0 sat (--ledger lists them)');
  });

  it('lists every account and the sum with --ledger', () => {
    const lines = ledgerLines('after', balances, true);
    expect(lines[0]).toContain('Ledger after');
    for (const { account } of balances) expect(lines.join('\n')).toContain(account);
    expect(lines.at(-1)).toMatch(/sum of all entries +6 entries +0 sat/);
  });
});
