import { describe, expect, test } from 'vitest';
import { fuzzTable, summaryOf } from '../../../scripts/clients/fuzz-report.ts';

const report = (failures: readonly [type: string, count: number][], errors: unknown[] = []) => ({
  seed: 1,
  complete: true,
  operations: { total: 40, selected: 39, tested: 39 },
  test_cases: { generated: 1800 },
  failures: failures.map(([type, count]) => ({
    type,
    title: `title of ${type}`,
    count,
    operations: ['GET /x'],
  })),
  errors,
});

describe('the summary of a Schemathesis report', () => {
  test('has no failures', () => {
    expect(summaryOf('buyer', report([]))).toEqual({
      role: 'buyer',
      cases: 1800,
      operations: 39,
      serverErrors: 0,
      drift: 0,
      other: 0,
      failures: [],
    });
  });

  test('counts 5xx, responses outside the document, and other violations separately', () => {
    const failures: [string, number][] = [
      ['ServerError', 2],
      ['UndefinedStatusCode', 3],
      ['JsonSchemaError', 1],
      ['UnsupportedMethodResponse', 4],
      ['a kind of a later version', 1],
    ];
    const summary = summaryOf('agent', report(failures));
    expect(summary).toMatchObject({ serverErrors: 2, drift: 4, other: 5 });
    expect(summary.failures[0]).toBe('title of ServerError: GET /x');
  });

  test('counts an aborted run as a failure', () => {
    const summary = summaryOf('admin', report([], [{ title: 'Test Execution Error' }]));
    expect(summary.other).toBe(1);
    expect(summary.failures).toEqual([expect.stringContaining('Test Execution Error')]);
  });

  test('rejects a report in another format', () => {
    expect(() => summaryOf('admin', { failures: [] })).toThrow();
  });
});

test('prints one table row per role', () => {
  const lines = fuzzTable([summaryOf('buyer', report([['ServerError', 2]]))]).split('\n');
  expect(lines.map((line) => line.trim().split(/\s+/))).toEqual([
    ['role', 'cases', 'operations', '5xx', 'drift', 'other'],
    ['buyer', '1800', '39', '2', '0', '0'],
  ]);
});
