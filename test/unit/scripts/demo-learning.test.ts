import { describe, expect, test } from 'vitest';
import { learningOptions } from '../../../scripts/demo/learning/arguments.ts';
import type { ModelStatus } from '../../../contracts/api/model-views.ts';
import type { Judged } from '../../../scripts/demo/learning/buyer.ts';
import { bar, chartHead, chartLine, successOf } from '../../../scripts/demo/learning/chart.ts';
import { isOver, missedPromises, reportLines, stepsOf } from '../../../scripts/demo/learning/report.ts';
import {
  ITEMS_PER_TASK,
  MAX_TASKS,
  readDigits,
  readNominalArff,
  sources,
} from '../../../scripts/demo/learning/sources.ts';
import type { Source } from '../../../scripts/demo/learning/sources.ts';
import { stream } from '../../../scripts/demo/learning/stream.ts';
import { differences } from '../../../scripts/demo/learning/tell.ts';
import { pythonPath } from '../../../scripts/demo/arguments.ts';
import { TASKS_PER_RUN, Watch } from '../../../scripts/demo/learning/watch.ts';
import { DukeNet } from '../../../client/typescript/src/index.ts';

const judged = (version: string, right: number, frozenRight: number, count: number): Judged[] =>
  Array.from({ length: count }, () => ({ source: 'mails', version, items: 5, right, frozenRight }));
const promotions = [
  { version: '2', after: 60 },
  { version: '3', after: 130 },
];
/** 40 % by version 1, 80 % by version 2, 100 % by version 3; version 1 would have stayed at 40 %. */
const learned = [...judged('1', 2, 2, 60), ...judged('2', 4, 2, 70), ...judged('3', 5, 2, 110)];

// The corpus is read outside of the tests, whose time is limited.
const [all, again, other] = [1, 1, 2].map((seed) => sources(pythonPath({}), seed)) as [
  Source[],
  Source[],
  Source[],
];

describe('options', () => {
  test('default to the running platform', () => {
    const env = { DUKENET_API_URL: 'http://a:1', AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: 'http://b:2' };
    expect(learningOptions([], env)).toMatchObject({
      tasks: 200,
      api: 'http://a:1',
      sagemaker: 'http://b:2',
    });
    expect(() => learningOptions(['--tasks', '2'], {})).toThrow('--tasks');
    expect(() => learningOptions(['--task', '20'], {})).toThrow('--task');
  });

  test('differ from production only in pace, machine names and who or what decides', () => {
    const names = differences().map((line) => line.split(' ')[0]);
    expect(names).toEqual([
      ...['revenueDecides', 'pollSeconds', 'instanceType', 'evaluationInstanceType', 'spot'],
      ...['canarySeconds', 'watchSeconds', 'maxItems', 'soleBuyerDecides', 'lookSeconds', 'share'],
    ]);
  });
});

describe('rows', () => {
  test('suffice for the longest demonstration, and no field reveals the label', () => {
    expect(all.map(({ name }) => name)).toEqual(['mails', 'digits', 'chess']);
    for (const { rows, labels } of all) {
      expect(rows.length).toBeGreaterThanOrEqual(Math.floor((2 * MAX_TASKS) / 3) * ITEMS_PER_TASK);
      expect(new Set(rows.map(({ label }) => label))).toEqual(new Set(labels));
      expect(new Set(rows.map(({ fields }) => Object.keys(fields).join())).size).toBe(1);
    }
    expect(all.map(({ rows }) => Object.keys(rows[0]!.fields).length)).toEqual([1, 64, 36]);
  });

  test('have an order that depends on the seed only', () => {
    for (const [i, { rows }] of all.entries()) {
      expect(again[i]!.rows).toEqual(rows);
      expect(other[i]!.rows.slice(0, 50)).not.toEqual(rows.slice(0, 50));
    }
  });

  test('formats', () => {
    const [digit] = readDigits(`${Array.from({ length: 64 }, (_, i) => i % 17).join(',')},7\n`);
    expect(digit?.label).toBe('7');
    expect(digit?.fields).toMatchObject({ row0_col0: 0, row1_col0: 8, row7_col7: 12 });
    const arff =
      "% made\n@relation r\n@attribute 'a' {'t','f'}\n@attribute 'class' {'x','y'}\n@data\n't','y'\n";
    expect(readNominalArff(arff)).toEqual([{ fields: { a: 't' }, label: 'y' }]);
  });
});

describe('chart', () => {
  test('shows both lines, or one if they coincide', () => {
    expect(bar({ tasks: 1, duke: 1, frozen: 0 })).toBe(`○${'·'.repeat(48)}●`);
    expect(bar({ tasks: 1, duke: 0, frozen: 0 })).toBe(`◉${'·'.repeat(49)}`);
  });

  test('shows the last hundred tasks and every outcome under its heading', () => {
    const line = chartLine([...judged('1', 0, 0, 100), ...judged('2', 5, 1, 100)], 'training v3');
    expect(line).toMatch(/^ +200 +1000 +v2 .*100\.0 % +20\.0 % +training v3$/);
    expect(line.indexOf('100.0 %')).toBe(chartHead('1').indexOf('Duke MM'));
  });
});

describe('verdict', () => {
  test('compares before, after, and the frozen version on the same tasks', () => {
    const [second, third] = stepsOf(learned, promotions);
    expect(second).toMatchObject({ before: { tasks: 60 }, after: { tasks: 100 } });
    expect(second?.before.duke).toBeCloseTo(0.4);
    expect(second?.after.duke).toBeCloseTo(0.86);
    expect(second?.after.frozen).toBeCloseTo(0.4);
    expect(third?.before).toMatchObject({ tasks: 100, duke: successOf(learned.slice(30, 130)).duke });
    expect(third?.after).toMatchObject({ tasks: 100, duke: 1 });
    expect(missedPromises(learned, promotions, 0)).toEqual([]);
    const text = reportLines(learned, promotions, '1').join('\n');
    expect(text).toMatch(/before v2 was promoted \(task 60\) +60 tasks +40\.0 % +40\.0 %/);
    expect(text).toMatch(/all done by v3 +110 tasks +100\.0 % +40\.0 %/);
  });

  test.each([
    ['one promotion', learned, promotions.slice(0, 1), 0, '1 promotions, not 2'],
    ['money made', learned, promotions, 5, 'the ledger sums to 5 satoshis'],
    ['no better than frozen', judged('1', 2, 2, 240), promotions, 0, 'version 3 is not better'],
    [
      'a worse version',
      [...learned.slice(0, 130), ...judged('3', 2, 1, 110)],
      promotions,
      0,
      'success fell after version 3',
    ],
    ['in the end nothing', judged('1', 2, 1, 240), promotions, 0, 'the last tasks went no better'],
  ])('%s fails the demonstration', (_, tasks, seen, sum, words) => {
    expect(missedPromises(tasks, seen, sum).join()).toContain(words);
  });

  test('ends a hundred tasks after the second promotion, or at its limit', () => {
    expect(isOver(299, promotions, 300)).toBe(false);
    expect(isOver(300, promotions, 300)).toBe(true);
    expect(isOver(300, [promotions[0]!, { version: '3', after: 201 }], 300)).toBe(false);
    expect(isOver(301, [promotions[0]!, { version: '3', after: 201 }], 300)).toBe(true);
    expect(isOver(599, [], 300)).toBe(false);
    expect(isOver(600, [], 300)).toBe(true);
  });
});

test('the error of one buyer ends the stream and is reported', async () => {
  const nowhere = { api: new DukeNet({ baseUrl: 'http://127.0.0.1:1' }), source: all[2]! };
  const frozen = { version: '1', ask: async () => [] };
  nowhere.api.call = async () => Promise.reject(new Error('no'));
  const running = stream([nowhere, nowhere], frozen, {
    over: () => false,
    waiting: () => false,
    judged: () => {},
    signal: new AbortController().signal,
  });
  await expect(running).rejects.toThrow('no; no');
});

test('buyers wait for a run after its share of tasks, and each promotion is reported once', () => {
  let judged = 20;
  const told: string[] = [];
  const watch = new Watch(new DukeNet({ baseUrl: 'http://127.0.0.1:1' }), '1', {
    judged: () => judged,
    promoted: ({ version, after }) => told.push(`${version} after ${after}`),
    stayed: () => told.push('stayed'),
  });
  const see = (version: string, run: string | null): boolean => {
    watch.see({
      production: { version },
      run: run === null ? null : { id: run, status: 'training', version: '9', epochs: 3 },
      queued: false,
    } as ModelStatus);
    return watch.isAhead;
  };
  expect(see('1', 'a')).toBe(false);
  judged += TASKS_PER_RUN - 1;
  expect(see('1', 'a')).toBe(false);
  judged += 1;
  expect(see('1', 'a')).toBe(true);
  expect(watch.note).toBe('training v9, 3 epochs');
  expect(see('2', 'b')).toBe(false);
  judged += TASKS_PER_RUN;
  expect(see('2', 'b')).toBe(true);
  expect(see('2', null)).toBe(false);
  expect(told).toEqual(['2 after 60', 'stayed']);
});
