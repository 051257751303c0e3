import { expect, test } from 'vitest';
import { killAgainAndAgain } from '../../scripts/kills/session.ts';
import { mulberry32 } from '../../scripts/shared/random.ts';

test(
  'a platform that is killed under load, and in a training run, has all it acknowledged, and every task and run ends',
  async () => {
    const seed = Date.now() % 100_000;
    console.log(`seed ${seed}`);
    const report = await killAgainAndAgain('test-kills', {
      kills: 2,
      buyers: 3,
      training: true,
      random: mulberry32(seed),
      say: (line) => {
        console.log(line);
      },
    });
    expect(report.faults).toEqual([]);
    expect(report.tasks).toBeGreaterThan(3);
    expect(Object.values(report.runs).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  },
  20 * 60_000,
);
