import { describe, expect, it } from 'vitest';
import { evaluationJob, trainingJob } from '../../../lambdas/learning/pipeline/job-requests.ts';

const candidate = { runId: '019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11', version: '2', parent: '1', seed: 3 };
const on = (instanceType: string) => ({
  stage: 'dev',
  image: 'image',
  roleArn: 'arn:aws:iam::000000000000:role/duke-mm',
  instanceType,
  workBucket: 'work',
  maxMinutes: 60,
  preset: 'embedded',
  spot: true,
  revenueDecides: false,
});

describe('jobs', () => {
  it.each([
    ['ml.g5.2xlarge', { DUKEMM_REQUIRE_CUDA: '1' }],
    ['ml.g4dn.xlarge', { DUKEMM_REQUIRE_CUDA: '1' }],
    ['ml.p4d.24xlarge', { DUKEMM_REQUIRE_CUDA: '1' }],
    ['ml.m5.large', {}],
    ['ml.c7g.xlarge', {}],
  ])('on %s require CUDA if the instance has a GPU', (instanceType, environment) => {
    expect(trainingJob(on(instanceType), candidate).Environment).toEqual(environment);
    expect(evaluationJob(on(instanceType), candidate).Environment).toEqual(environment);
  });

  it('of evaluation archive a candidate that earns less only if the stage says so', () => {
    const argumentsIf = (revenueDecides: boolean) =>
      evaluationJob({ ...on('ml.m5.large'), revenueDecides }, candidate).AppSpecification?.ContainerArguments;
    expect(argumentsIf(true)).toContain('--revenue-decides');
    expect(argumentsIf(false)).not.toContain('--revenue-decides');
  });

  it('of training write no profile, because their role may not', () => {
    expect(trainingJob(on('ml.g5.xlarge'), candidate).ProfilerConfig).toEqual({ DisableProfiler: true });
  });
});
