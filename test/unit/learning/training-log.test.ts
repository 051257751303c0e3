import { describe, expect, it } from 'vitest';
import { parseTrainingLog } from '../../../lambdas/learning/pipeline/training-log.ts';
import { jsonLines } from '../../../lambdas/shared/objects.ts';
import { epoch } from '../support/run-steps.ts';

describe('the log of a training job', () => {
  it('is read while it is being written: each epoch once, the last 500', () => {
    const lines = [epoch(1), { event: 'start' }, epoch(2), { ...epoch(2), accuracy: 0.9 }];
    const text = `${jsonLines(lines)}{"event":"epoch","epo`;
    expect(parseTrainingLog(text).curves.map(({ epoch: n, accuracy }) => [n, accuracy])).toEqual([
      [1, 0.5],
      [2, 0.9],
    ]);
    const long = jsonLines(Array.from({ length: 600 }, (_, i) => epoch(i + 1)));
    expect(parseTrainingLog(long).curves.map((line) => line.epoch)).toEqual(
      Array.from({ length: 500 }, (_, i) => i + 101),
    );
  });

  it('may lack figures', () => {
    const [line] = parseTrainingLog('{"event":"epoch","epoch":1,"train_loss":null}\n').curves;
    expect(line).toEqual({ epoch: 1, train_loss: null, val_loss: null, accuracy: null, f1: null });
  });
});
