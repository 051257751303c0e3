import { expect, inject, test } from 'vitest';
import { newBuyer, PASSWORD } from '../../integration/support.ts';
import { tasksOfKinds } from '../../support/file-kinds.ts';

/** Every format that an upload may have, but CSV and text, which most other suites use. */
const KINDS = [
  ...['png', 'jpeg', 'webp', 'gif', 'tiff', 'bmp'],
  ...['wav', 'flac', 'ogg', 'mp3', 'm4a'],
  ...['pdf', 'scan', 'xlsx', 'jsonl', 'zip'],
];

/** Sixteen tasks on two cores; only ends a run that hangs. */
const TIMEOUT_MS = 30 * 60_000;

test(
  'a task of each kind of file beats the majority label and is paid',
  { timeout: TIMEOUT_MS },
  async () => {
    const { email } = await newBuyer(20_000_000);
    const outcomes = await tasksOfKinds(inject('platform').apiUrl, { buyer: { email, password: PASSWORD } });
    console.table(outcomes);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual([...KINDS].sort());
    for (const { kind, right, majority, items, paid_satoshis } of outcomes) {
      expect.soft(right, `${kind}: right of ${items}`).toBeGreaterThan(majority);
      expect.soft(paid_satoshis, kind).toBeGreaterThan(0);
    }
  },
);
