import { expect, it } from 'vitest';
import { TaskStatus } from '../../../contracts/entities/task-fields.ts';
import { isCancellable, isUnfinished } from '../../../contracts/rules/task-status.ts';

it('lists the states that can still fail, and those that can be cancelled', () => {
  expect(TaskStatus.options.filter(isUnfinished)).toEqual(['created', 'assigned', 'executing']);
  expect(TaskStatus.options.filter(isCancellable)).toEqual(['created', 'assigned']);
});
