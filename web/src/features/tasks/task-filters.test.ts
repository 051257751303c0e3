import { expect, it } from 'vitest';
import type { Task } from '../../lib/api/types.ts';
import { FILTERS, searchTasks, TASK_FILTERS } from './task-filters.ts';

const task = (status: Task['status'], settlement: Task['settlement'], description = 'Is it spam?') =>
  ({ id: `${status}-${settlement}`, status, settlement, description, assigned_agent: 'duke-mm' }) as Task;

it.each([
  ['review', task('completed', 'held')],
  ['running', task('created', 'held')],
  ['running', task('executing', 'held')],
  ['accepted', task('completed', 'released')],
  ['rejected', task('completed', 'split')],
  ['rejected', task('completed', 'refunded')],
  ['failed', task('failed', 'refunded')],
  ['cancelled', task('cancelled', 'refunded')],
])('“%s” shows its tasks only', (filter, one) => {
  expect(TASK_FILTERS.filter((name) => FILTERS[name].shows(one))).toEqual([filter]);
});

it('finds tasks by all words of the search, in any case and order', () => {
  const tasks = [
    task('completed', 'held', 'Mails of March: spam?'),
    task('failed', 'refunded', 'March prices'),
  ];
  expect(searchTasks(tasks, ' SPAM  march ')).toEqual([tasks[0]]);
  expect(searchTasks(tasks, 'duke')).toHaveLength(2);
  expect(searchTasks(tasks, '')).toHaveLength(2);
  expect(searchTasks(tasks, 'april')).toEqual([]);
});
