import { expect, it } from 'vitest';
import { TaskStatus } from '../../../contracts/entities/task-fields.ts';
import { isCancellable, isUnfinished } from '../../../contracts/rules/task-status.ts';

it('tells which tasks can still fail, and which their buyer can cancel', () => {
  expect(TaskStatus.options.filter(isUnfinished)).toEqual(['created', 'assigned', 'executing']);
  expect(TaskStatus.options.filter(isCancellable)).toEqual(['created', 'assigned']);
});
