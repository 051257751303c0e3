import { expect, it } from 'vitest';
import { RunStatus } from '../../../contracts/entities/run.ts';
import { isActiveRun } from '../../../contracts/rules/run-status.ts';

it('lists the active states', () => {
  expect(RunStatus.options.filter((status) => !isActiveRun(status))).toEqual([
    'promoted',
    'archived',
    'failed',
  ]);
});
