import { describe, expect, it } from 'vitest';
import { inlineTask, rows, tableTask } from '../support/expanded-task.ts';

describe('a regression over texts', () => {
  it('names the row that is not a number', async () => {
    const table = rows('x,y', '1,2.5', '2,about 3', '3,4', '4,');
    await expect(tableTask(table, 'y', { kind: 'regression' })).rejects.toThrow('row 2 holds "about 3"');
    const units = rows('x,y', '1,5 EUR', '2,5 USD', '3,4 EUR', '4,');
    await expect(tableTask(units, 'y', { kind: 'regression' })).rejects.toThrow('row 2 holds "5 USD"');
    const kept = rows('x,y', '1,5', '2,NA', '3,4', '4,3', '5,');
    await expect(tableTask(kept, 'y', { kind: 'regression', missing: [] })).rejects.toThrow(
      '"NA" counts as an answer',
    );
  });
});

describe('answers in the request', () => {
  it('may be numbers in a local form', async () => {
    const items = ['12,5', '1.200,75 ', '7,1', ''].map((price, i) => ({ fields: { x: i, price } }));
    const { measure, expected } = await inlineTask({ target: 'price', items });
    expect(measure).toMatchObject({
      kind: 'regression',
      itemCount: 1,
      answerForm: { decimal: ',', group: '.', decimals: 2 },
    });
    expect(expected).toEqual([12.5, 1200.75, 7.1]);
    const examples = ['$5.50', '$7.25', '$6.10'].map((answer) => ({ expected: answer }));
    expect((await inlineTask({ items: [{}], examples })).expected).toEqual([5.5, 7.25, 6.1]);
  });

  it('are rejected with their path if they are not numbers', async () => {
    const examples = [{ expected: '1,5' }, { expected: 'many' }, { expected: '2,5' }];
    await expect(inlineTask({ items: [{}], kind: 'regression', examples })).rejects.toMatchObject({
      errors: [{ path: 'examples.0.expected' }],
    });
    const items = [1, 2, 'x', 3, null].map((y) => ({ fields: { y } }));
    await expect(inlineTask({ items, kind: 'regression', target: 'y' })).rejects.toMatchObject({
      errors: [{ path: 'items.2.fields.y' }],
    });
  });

  it('leave out missing values, but not in an example', async () => {
    const items = ['good', 'bad', 'good', 'bad', 'NA'].map((label, i) => ({ fields: { x: i, label } }));
    expect((await inlineTask({ target: 'label', items })).measure).toMatchObject({
      itemCount: 1,
      labels: ['bad', 'good'],
    });
    const examples = [{ fields: { x: 9 }, expected: 'NA' }];
    const both = await inlineTask({ target: 'label', items: [...items, { fields: { x: 6 } }], examples });
    expect(both.measure).toMatchObject({ itemCount: 1, labels: ['NA', 'bad', 'good'] });
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'may be in a field named %s',
    async (target) => {
      const items = ['good', 'bad', 'good'].map((label, i) => ({ fields: { x: i, [target]: label } }));
      const { measure, items: left } = await inlineTask({ target, items: [...items, { fields: { x: 9 } }] });
      expect(measure).toMatchObject({ itemCount: 1, exampleCount: 3, labels: ['bad', 'good'] });
      expect(left[0]?.fields).toEqual({ x: 9 });
      const { measure: labels } = await inlineTask({
        target: 'y',
        items: [{ fields: { y: target } }, { fields: { y: 'b' } }, { fields: { y: 'b' } }, { fields: {} }],
      });
      expect(labels.labels).toEqual(['b', target].sort());
    },
  );
});
