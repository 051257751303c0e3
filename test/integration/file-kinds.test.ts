import { expect, it } from 'vitest';
import { tasksOfKinds } from '../support/file-kinds.ts';
import { newBuyer, PASSWORD, platform } from './support.ts';

it(
  'takes a picture, a sound, a scan and an archive from posting to payment',
  { timeout: 900_000 },
  async () => {
    const kinds = ['tiff', 'm4a', 'scan', 'zip'];
    const { email } = await newBuyer();
    const buyer = { email, password: PASSWORD };
    const outcomes = await tasksOfKinds(platform().apiUrl, { buyer, kinds, examples: 12, items: 3 });
    expect(outcomes.map(({ kind }) => kind)).toEqual(kinds);
    for (const { kind, right, paid_satoshis } of outcomes) {
      expect.soft(right, kind).toBeGreaterThan(0);
      expect.soft(paid_satoshis, kind).toBeGreaterThan(0);
    }
  },
);
