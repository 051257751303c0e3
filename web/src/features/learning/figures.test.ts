import { expect, it } from 'vitest';
import { metricsOf, runOf, versionOf } from '../../testing/learning.ts';
import { allX, rowsOf } from '../../components/charts/series.ts';
import { familyName } from './family-name.ts';
import { compare, points, score, share, shareTick } from './figures.ts';
import { promotionMarks } from './promotion-marks.ts';
import { stepStates } from './run-steps.ts';
import { endpointWord, sentence } from './words.ts';

const metrics = metricsOf();
const scores = metrics.candidate!;

it('formats shares, scores and differences, and missing values as empty', () => {
  expect([share(0.917526), share(null), share(undefined)]).toEqual(['91.8 %', '–', '–']);
  expect([score(0.1288), score(-0.5), score(12345.6), score(null)]).toEqual([
    '0.129',
    '−0.500',
    '12346',
    '–',
  ]);
  expect([points(0.103), points(-0.0049), points(0.0004), points(-0.0004)]).toEqual([
    '+10.3 points',
    '−0.5 points',
    '0.0 points',
    '0.0 points',
  ]);
  expect([shareTick(0.9), shareTick(0.905)]).toEqual(['90 %', '90.5 %']);
});

it('calls a lower error and a higher share better, and the reverse worse', () => {
  const rows = compare(scores, metrics.production);
  const verdicts = Object.fromEntries(rows.map(({ name, verdict }) => [name, verdict]));
  expect(verdicts).toMatchObject({
    Accuracy: 'better',
    'Calibration error': 'better',
    'Exact match': 'same',
  });
  const swapped = compare(metrics.production!, scores);
  expect(swapped.find(({ name }) => name === 'Calibration error')).toMatchObject({
    difference: '+0.051',
    verdict: 'worse',
  });
  expect(swapped.find(({ name }) => name === 'Accuracy')?.verdict).toBe('worse');
});

it('makes no comparison without a champion, and omits inapplicable figures', () => {
  const texts = metrics.families.find(({ kind }) => kind === 'generation')!;
  const rows = compare(texts.candidate, null);
  expect(rows.map(({ name }) => name)).not.toContain('F1');
  expect(rows.find(({ name }) => name === 'Exact match')).toMatchObject({
    candidate: '100.0 %',
    production: '–',
    difference: '–',
    verdict: undefined,
  });
});

it('shows the steps of a run up to its end', () => {
  const done = 'done' as const;
  expect(stepStates(runOf({ status: 'training' }))).toEqual([
    done,
    'active',
    'waiting',
    'waiting',
    'waiting',
    'waiting',
  ]);
  expect(stepStates(runOf({ status: 'promoted', finished_at: '2026-11-20T09:00:00.000Z' }))).toEqual(
    Array(6).fill(done),
  );
  const failed = (step: string) =>
    stepStates(runOf({ status: 'failed', failure: { step, error: 'JobFailed', cause: '' } })).indexOf(
      'stopped',
    );
  const steps = ['Prepare', 'PollTraining', 'Evaluate', 'Gate', 'Warm', 'Canary', 'Promote'];
  expect(steps.map(failed)).toEqual([0, 1, 2, 3, 4, 4, 5]);
  const gate = { passed: false, reasons: ['no'], decided_at: '2026-11-20T09:00:00.000Z' };
  const archived = { status: 'archived' as const, reasons: ['no'] };
  expect(stepStates(runOf({ ...archived, gate })).indexOf('stopped')).toBe(3);
  // Worse on live work, or overtaken by another version: past the gate.
  expect(stepStates(runOf({ ...archived, gate: { ...gate, passed: true } })).indexOf('stopped')).toBe(4);
  expect(stepStates(runOf({ ...archived, epochs: 0, curves: [] })).indexOf('stopped')).toBe(0);
});

it('marks each day with the versions promoted on it', () => {
  const days = [0, 1, 2].map((day) => Date.UTC(2026, 10, 9 + day) / 86_400_000);
  const on = (version: string, promoted_at: string | null) => versionOf({ version, promoted_at });
  const versions = [
    on('9', '2026-11-12T00:00:00.000Z'), // after the last day of the chart
    on('4', '2026-11-11T23:59:59.000Z'),
    on('3', '2026-11-11T01:00:00.000Z'),
    on('2', '2026-11-09T08:00:00.000Z'),
    on('5', null),
  ];
  expect(promotionMarks(versions, days)).toEqual([
    { x: days[0], label: 'v2' },
    { x: days[2], label: 'v3, v4' },
  ]);
});

it('merges series into one row per x, and distinguishes unmeasured from missing points', () => {
  const first = [
    { x: 3, y: 0.3 },
    { x: 1, y: null },
  ];
  const series = [
    { name: 'a', look: 'first' as const, points: first },
    {
      name: 'b',
      look: 'second' as const,
      points: [
        { x: 2, y: 0.5 },
        { x: 3, y: 0.6 },
        { x: 3, y: 0.7 },
      ],
    },
  ];
  expect(rowsOf(series)).toEqual([
    { x: 1, 0: null },
    { x: 2, 1: 0.5 },
    { x: 3, 0: 0.3, 1: 0.6 },
    { x: 3, 1: 0.7 },
  ]);
  expect(allX(series)).toEqual([1, 2, 3]);
});

it('names a family by its labels, or by its fields', () => {
  const names = metrics.families.map(familyName);
  expect(names).toContain('Number: rooms');
  expect(names.some((name) => name.startsWith('Classification: '))).toBe(true);
});

it('describes gate decisions and endpoint states in words', () => {
  expect(sentence('all 97 answers can be delivered')).toBe('All 97 answers can be delivered.');
  expect(sentence('Done.')).toBe('Done.');
  expect(endpointWord('InService').color).toBe('teal');
  expect(endpointWord('Unknown').label).toBe('Endpoint does not answer');
  expect(endpointWord('Failed').color).toBe('red');
});
