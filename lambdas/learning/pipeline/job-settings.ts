import type * as z from 'zod';
import type { JOB, WORK } from '../../shared/env-parts.ts';
import type { JobSettings } from './job-requests.ts';

type JobEnv = z.output<z.ZodObject<typeof JOB & typeof WORK>>;

export const jobSettings = (env: JobEnv): JobSettings => ({
  stage: env.STAGE,
  image: env.JOB_IMAGE,
  roleArn: env.JOB_ROLE_ARN,
  instanceType: env.JOB_INSTANCE_TYPE,
  workBucket: env.WORK_BUCKET,
  kmsKeyArn: env.JOB_KEY_ARN,
  maxMinutes: env.JOB_MAX_MINUTES,
});
