import * as z from 'zod';
import { StepInput } from '../../../contracts/learning/steps.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseEnv } from '../../shared/env.ts';
import { s3ObjectStore } from '../../shared/objects.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { modelStore } from '../../shared/stores/model-store.ts';
import { runStore } from '../../shared/stores/run-store.ts';
import { s3Copy } from './copy-object.ts';
import { sageMakerJobs } from './jobs.ts';
import { register } from './register.ts';
import { RegisterEnv } from './pipeline.env.ts';
import { step } from './step.ts';

const env = parseEnv(RegisterEnv);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  runs: runStore(table),
  models: modelStore(table),
  jobs: sageMakerJobs(env.STAGE),
  work: s3ObjectStore(env.WORK_BUCKET),
  copy: s3Copy(env.WORK_BUCKET),
  clock: systemClock,
};

export const handler = step(StepInput, z.void(), ({ run_id }) => register(deps, run_id));
