import { expect, it } from 'vitest';
import type { Column } from '../../../contracts/entities/column.ts';
import { targetOf, targetOfTables } from '../../../contracts/rules/target.ts';

const column = (name: string, values: string[]): Column => ({
  name,
  type: 'text',
  filled: values.length,
  values,
});
const mails = { columns: [column('text', ['a']), column('label', ['ham', 'spam'])] };
const more = { columns: [column('label', ['list'])] };
const without = { columns: [column('text', ['b'])] };

it('finds the target column of one table', () => {
  expect(targetOf(mails, { target: 'label' })).toMatchObject({ name: 'label', values: ['ham', 'spam'] });
  expect(targetOf(without, { target: 'label' })).toBeUndefined();
});

it('merges the target columns of several tables', () => {
  const merged = targetOfTables([mails, without, more], { target: 'label' });
  expect(merged).toMatchObject({ name: 'label', filled: 3 });
  expect(merged?.values?.toSorted()).toEqual(['ham', 'list', 'spam']);
  expect(targetOfTables([without], { target: 'label' })).toBeUndefined();
});
