import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { TrainingExample } from '../../../contracts/entities/training.ts';
import { ModelEvaluation } from '../../../contracts/learning/evaluation.ts';
import { DataManifest, ShardRef } from '../../../contracts/learning/manifest.ts';

/** The same samples are parsed by the model's own tests: what one side writes, the other reads. */
const sample = (name: string): Record<string, object> =>
  JSON.parse(readFileSync(new URL(`../../contract/${name}.json`, import.meta.url), 'utf8')) as Record<
    string,
    object
  >;

describe('the contract of the training data', () => {
  const Samples = z.strictObject({ manifest: DataManifest, examples: z.record(z.string(), TrainingExample) });
  const samples = sample('manifest');

  it('parses the shared samples unchanged', () => {
    expect(Samples.parse(samples)).toEqual(samples);
  });

  it('knows every field of a manifest and of an example', () => {
    expect(DataManifest.safeParse({ ...samples.manifest, surprise: 1 }).success).toBe(false);
    for (const example of Object.values(samples.examples as Record<string, object>)) {
      expect(TrainingExample.safeParse({ ...example, surprise: 1 }).success).toBe(false);
    }
  });

  it.each(['../secret.jsonl', 'a/../b.jsonl', '/etc/x.jsonl', 'Train.jsonl', 'train.csv'])(
    'rejects the shard name %s, which is not beside the manifest',
    (path) => {
      const shard = Samples.parse(samples).manifest.splits.train[0];
      expect(ShardRef.safeParse(shard).success).toBe(true);
      expect(ShardRef.safeParse({ ...shard, path }).success).toBe(false);
    },
  );
});

describe('the contract of an evaluation', () => {
  const evaluation = ModelEvaluation.parse(sample('evaluation'));

  it('parses the output of the model unchanged', () => {
    expect(evaluation).toEqual(sample('evaluation'));
    expect(Object.values(evaluation.families).map((family) => family.kind)).toEqual([
      'generation',
      'classification',
      'regression',
    ]);
  });

  it('parses an evaluation with a held-back family', () => {
    const held = ModelEvaluation.parse(sample('evaluation-held-back'));
    expect(held).toEqual(sample('evaluation-held-back'));
    expect(held.unusable?.entries).toMatchObject([{ what: 'held_back', family: 'fam_houses', kept: '1' }]);
    expect(held.families['fam_houses']?.held_back).toContain('worse than before');
    expect(held.recomposed).toBeDefined();
  });

  it('knows every field, including those of a family', () => {
    const [name, family] = Object.entries(evaluation.families)[0] ?? [];
    const families = { ...evaluation.families, [String(name)]: { ...family, surprise: 1 } };
    expect(ModelEvaluation.safeParse({ ...evaluation, surprise: 1 }).success).toBe(false);
    expect(ModelEvaluation.safeParse({ ...evaluation, families }).success).toBe(false);
  });

  it('contains no label, field or item outside of the families', () => {
    const outside = JSON.stringify({ ...evaluation, families: {} });
    for (const [, family] of Object.entries(evaluation.families)) {
      const names = [
        ...family.classes.map(({ label }) => label),
        ...family.feature_importance.map(({ field }) => field).filter((field) => field !== 'text'),
        ...(family.flips?.negative_ids ?? []),
      ];
      for (const name of names) expect(outside).not.toContain(name);
    }
  });
});
