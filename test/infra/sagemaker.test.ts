import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { stackNames } from '../../contracts/naming.ts';
import { identityStatements, synthesized } from './synth.ts';

const dev = synthesized('dev');
/** What of a manifest of assets is read. */
const Assets = z.object({ dockerImages: z.record(z.string(), z.object({ source: z.unknown() })) });

/** The last literal part of a resource, which may be an intrinsic function as JSON. */
const strings = (resource: string): string =>
  resource.startsWith('{') ? ([...resource.matchAll(/"([^"]*)"/g)].at(-1)?.[1] ?? '') : resource;
const resourcesOf = (role: string, action: string): string[] =>
  identityStatements(dev)
    .filter(([holder, { actions }]) => holder.startsWith(role) && actions.includes(action))
    .flatMap(([, { resources }]) => resources.map(strings));

describe('the role of a SageMaker job', () => {
  test('may encrypt outputs with the key', () => {
    for (const role of ['LearningJobsTrainer', 'LearningJobsEvaluator']) {
      const actions = identityStatements(dev)
        .filter(([holder]) => holder.startsWith(role))
        .flatMap(([, statement]) => statement.actions);
      expect(actions).toEqual(expect.arrayContaining(['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey']));
    }
  });

  test.each([
    ['LearningJobsTrainer', 'TrainingJobs'],
    ['LearningJobsEvaluator', 'ProcessingJobs'],
  ])('%s: log actions name groups ending with `:*` and the streams of the stage’s jobs', (role, group) => {
    const of = (action: string) => resourcesOf(role, action);
    for (const action of ['logs:CreateLogGroup', 'logs:DescribeLogStreams'])
      expect(of(action)).toEqual([expect.stringMatching(`/aws/sagemaker/${group}:\\*$`)]);
    for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents'])
      expect(of(action)).toEqual([expect.stringContaining(`/aws/sagemaker/${group}:log-stream:`)]);
  });

  test('may write model.tar.gz and output.tar.gz of a training job, and nothing else there', () => {
    const written = resourcesOf('LearningJobsTrainer', 's3:PutObject').filter((key) =>
      key.includes('/trained/'),
    );
    expect(new Set(written.map((key) => key.split('/').slice(-2).join('/')))).toEqual(
      new Set(['output/model.tar.gz', 'output/output.tar.gz']),
    );
  });
});

describe('the image', () => {
  test.each(['app', 'serving'] as const)(
    'of %s has a Docker manifest and the preset that jobs use',
    (stack) => {
      const assets = Assets.parse(
        JSON.parse(readFileSync(join(dev.folder, `${stackNames[stack]('dev')}.assets.json`), 'utf8')),
      );
      expect(Object.values(assets.dockerImages).map(({ source }) => source)).toEqual([
        expect.objectContaining({
          dockerOutputs: ['type=docker'],
          dockerBuildArgs: { PRESET: dev.stage.training.preset },
        }),
      ]);
    },
  );
});
