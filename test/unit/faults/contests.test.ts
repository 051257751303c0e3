import { beforeEach, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../lambdas/shared/logger.ts';
import { inTurn, interleaved } from '../support/contest.ts';
import type { Contest } from '../support/contest.ts';
import {
  agentContests,
  fileContests,
  learningContests,
  taskContests,
} from '../support/scenarios/contests.ts';

const ids = vi.hoisted(() => ({ made: 0 }));
vi.mock(import('../../../lambdas/shared/ids.ts'), async (original) => ({
  ...(await original()),
  newId: () => `00000000-0000-7000-8000-${String(++ids.made).padStart(12, '0')}`,
}));

/** The same ids in every run, so that the stored records can be compared. */
function replay<T>(run: () => Promise<T>): Promise<T> {
  ids.made = 0;
  return run();
}

const CONTESTS: Contest[] = [...taskContests, ...agentContests, ...fileContests, ...learningContests];

beforeEach(() => {
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(logger, level).mockReturnValue(undefined);
});

describe.each(CONTESTS)('$name', (contest) => {
  it('are serializable, whenever the second one starts', async () => {
    const serial = [
      await replay(() => inTurn(contest, 'first')),
      await replay(() => inTurn(contest, 'second')),
    ];
    for (let at = 1; ; at++) {
      const between = await replay(() => interleaved(contest, at));
      if (!between) break;
      expect(
        serial.map(({ records }) => records),
        `before call ${at}`,
      ).toContainEqual(between.records);
    }
  });
});
