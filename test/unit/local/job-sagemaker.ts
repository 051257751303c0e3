import { join } from 'node:path';
import type { JobsOptions } from '../../../local/sagemaker/jobs/jobs.ts';
import type { JobContainer } from '../../../local/sagemaker/jobs/run.ts';
import { startLocalSageMaker, type LocalSageMaker } from '../../../local/sagemaker/server.ts';

const fakeJob: JobContainer = ({ ml, arguments: args = [], environment }) => ({
  file: environment['PROGRAM'] ?? process.execPath,
  args: [join(import.meta.dirname, 'fake-job.mjs'), ml, ...args],
  cwd: import.meta.dirname,
  env: { ...environment, PATH: process.env.PATH ?? '' },
});

/** A local SageMaker whose jobs run `fake-job.mjs`. */
export const jobSageMaker = (
  folder: string,
  s3: string,
  options: Partial<JobsOptions> = {},
): Promise<LocalSageMaker> =>
  startLocalSageMaker({
    port: 0,
    stateFile: join(folder, 'sagemaker.json'),
    logs: join(folder, 'logs'),
    account: '000000000000',
    region: 'eu-central-1',
    container: () => {
      throw new Error('no endpoint here');
    },
    jobs: {
      container: fakeJob,
      folder: join(folder, 'jobs'),
      awsEndpoint: s3,
      timing: { tickMs: 50, graceMs: 300, closingGraceMs: 300 },
      ...options,
    },
  });
