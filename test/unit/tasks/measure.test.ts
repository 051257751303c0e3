import { describe, expect, it } from 'vitest';
import type { ReadyFile } from '../../../contracts/entities/file.ts';
import type { Column } from '../../../contracts/entities/column.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { checkExamples, familyOf, measureTask } from '../../../lambdas/tasks/measure.ts';
import { taskBody } from '../support/marketplace.ts';

const at = '2026-03-01T12:00:00.000Z';
const base = () => ({
  id: newId(), owner_id: newId(), filename: 'f', content_type: 'text/csv', size_bytes: 1, created_at: at, updated_at: at,
  status: 'ready' as const,
}); // prettier-ignore
const table = (rows: number, columns: Column[]): ReadyFile => ({
  ...base(),
  file_type: 'csv',
  metadata: { file_type: 'csv', encoding: 'utf-8', sha256: '0'.repeat(64), delimiter: ',', rows, columns },
});
const text = (): ReadyFile => ({
  ...base(),
  file_type: 'text',
  metadata: { file_type: 'text', encoding: 'utf-8', sha256: '0'.repeat(64), characters: 1, lines: 1 },
});
const column = (name: string, type: Column['type'], filled: number, values?: string[]): Column => ({
  name,
  type,
  filled,
  ...(values && { values }),
});
const bare = (overrides = {}) => taskBody({ items: [], labels: undefined, ...overrides });

describe('the kind of a task', () => {
  it.each([
    ['labels', taskBody(), [], 'classification'],
    [
      'a categorical target',
      bare({ target: 'y' }),
      [table(9, [column('y', 'text', 5, ['a', 'b'])])],
      'classification',
    ],
    ['a numeric target', bare({ target: 'y' }), [table(9, [column('y', 'number', 5)])], 'regression'],
    ['a target of free text', bare({ target: 'y' }), [table(9, [column('y', 'text', 5)])], 'generation'],
    [
      'numbers as examples',
      bare({ items: [{}], examples: [{ expected: 1.5 }, { expected: 2 }, { expected: 3 }] }),
      [],
      'regression',
    ],
    ['nothing at all', bare({ items: [{}] }), [], 'generation'],
  ] as const)('follows from %s', (_case, body, files, kind) => {
    expect(measureTask(body, [...files]).kind).toBe(kind);
  });
});

describe('the count of items and examples', () => {
  it('takes documents as items only if no table names them', () => {
    expect(measureTask(taskBody({ items: [] }), [text(), text()]).itemCount).toBe(2);
    const cells = table(3, [column('doc', 'text', 3)]);
    expect(measureTask(taskBody({ items: [] }), [cells, text(), text()]).itemCount).toBe(3);
  });

  it('reads inline items with a filled target as examples', () => {
    const items = [
      { fields: { x: 1, y: 'a' } },
      { fields: { x: 2, y: 'b' } },
      { fields: { x: 3, y: ' ' } },
      { fields: { x: 4 } },
    ];
    const measure = measureTask(bare({ items, target: 'y' }), []);
    expect(measure).toMatchObject({ itemCount: 2, exampleCount: 2, labels: ['a', 'b'], fieldNames: ['x'] });
  });

  it('names the required complexity', () => {
    const big = table(2000, [column('x', 'text', 2000)]);
    expect(() => measureTask(taskBody({ items: [], complexity: 7 }), [big])).toThrow(
      'this needs complexity 8',
    );
    expect(() => measureTask(taskBody({ items: [] }), [table(2501, [])])).toThrow('split the task');
    expect(measureTask(taskBody({ items: [], complexity: 8 }), [big]).itemCount).toBe(2000);
  });

  it('requires three examples for regression', () => {
    const one = measureTask(bare({ items: [{}], examples: [{ expected: 1.5 }] }), []);
    expect(() => checkExamples(one, 2)).toThrow('at least 3');
    expect(() => checkExamples(one, 3)).not.toThrow();
    expect(() => checkExamples({ ...one, kind: 'generation' }, 0)).not.toThrow();
  });

  it('allows at most 2,000 examples', () => {
    const big = table(2010, [column('y', 'text', 2001, ['a', 'b'])]);
    expect(() => measureTask(bare({ target: 'y' }), [big])).toThrow('2001 examples');
  });
});

describe('family', () => {
  const measure = measureTask(taskBody(), []);
  it('is the same for the same question, for any order and case of its labels', () => {
    const other = measureTask(taskBody({ labels: ['Spam', 'HAM'] }), []);
    expect(familyOf('b', other, undefined)).toBe(familyOf('b', measure, undefined));
  });
  it('differs between buyers and between fields', () => {
    expect(familyOf('c', measure, undefined)).not.toBe(familyOf('b', measure, undefined));
    const fields = measureTask(taskBody({ items: [{ fields: { subject: 'x' } }] }), []);
    expect(familyOf('b', fields, undefined)).not.toBe(familyOf('b', measure, undefined));
  });
});

it('rejects a choice of missing values if the inspection stored no candidates', () => {
  const wide = table(9, [{ ...column('y', 'text', 5, ['a', 'b']), missing: ['NA'] }]);
  expect(() => measureTask(bare({ target: 'y', missing: [] }), [wide])).toThrow(
    'too many columns for a choice',
  );
  expect(measureTask(bare({ target: 'y' }), [wide]).itemCount).toBe(4);
});
