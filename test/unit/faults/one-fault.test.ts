import { beforeEach, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../lambdas/shared/logger.ts';
import { contentOf, play } from '../support/scenario.ts';
import type { Scenario } from '../support/scenario.ts';
import { fileScenarios } from '../support/scenarios/files.ts';
import { agentScenarios, learningScenarios } from '../support/scenarios/learning.ts';
import { shadowScenarios } from '../support/scenarios/shadow.ts';
import {
  agentWorkScenarios,
  creationScenarios,
  executionScenarios,
  sweepScenarios,
  readScenarios,
  verdictScenarios,
} from '../support/scenarios/tasks.ts';
import { walletScenarios } from '../support/scenarios/wallet.ts';

const ids = vi.hoisted(() => ({ made: 0 }));
vi.mock(import('../../../lambdas/shared/ids.ts'), async (original) => ({
  ...(await original()),
  newId: () => `00000000-0000-7000-8000-${String(++ids.made).padStart(12, '0')}`,
}));

/** The same ids in every run, so that the stored content can be compared. */
const replay: typeof play = (...args) => {
  ids.made = 0;
  return play(...args);
};

/** Which reads are late, and by how many writes. */
const LAGS = (['index', 'table'] as const).flatMap((read) =>
  [1, 2, 3, 5, 8, 1000].map((writes) => [read, writes] as const),
);

const SCENARIOS: Scenario[] = [
  ...creationScenarios,
  ...executionScenarios,
  ...verdictScenarios,
  ...readScenarios,
  ...agentWorkScenarios,
  ...sweepScenarios,
  ...walletScenarios,
  ...fileScenarios,
  ...learningScenarios,
  ...agentScenarios,
  ...shadowScenarios,
];

beforeEach(() => {
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(logger, level).mockReturnValue(undefined);
});

describe.each(SCENARIOS)('$name', (scenario) => {
  it.each(['before', 'after'] as const)(
    'stores and returns the same if any one call fails (%s)',
    async (fault) => {
      const undisturbed = await replay(scenario);
      expect(undisturbed.calls).toBeGreaterThan(0);
      for (let at = 1; at <= undisturbed.calls; at++) {
        const disturbed = await replay(scenario, { at, fault });
        expect({ at, content: contentOf(disturbed.market) }).toEqual({
          at,
          content: contentOf(undisturbed.market),
        });
        if (scenario.caller === 'queue') continue; // Nobody reads its answer.
        const answers = [undisturbed.answer, scenario.toldOfRepetition].filter(
          (answer) => answer !== undefined,
        );
        expect(answers).toContainEqual(disturbed.answer);
      }
    },
  );

  it.each(LAGS)(
    'stores and returns the same while %s reads miss the last %i writes',
    async (read, writes) => {
      if (scenario.poorerByLateIndex && read === 'index') return;
      const prompt = await replay(scenario);
      const late = await replay(scenario, undefined, { [read]: writes });
      expect(contentOf(late.market)).toEqual(contentOf(prompt.market));
      if (scenario.caller === 'client') expect(late.answer).toEqual(prompt.answer);
    },
  );
});
