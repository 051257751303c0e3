import * as z from 'zod';
import { StepInput } from '../../../contracts/learning/steps.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseEnv } from '../../shared/env.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { modelStore } from '../../shared/stores/model-store.ts';
import { runStore } from '../../shared/stores/run-store.ts';
import { TrainEnv } from './pipeline.env.ts';
import { jobSettings } from './job-settings.ts';
import { sageMakerJobs } from './jobs.ts';
import { step } from './step.ts';
import { train } from './train.ts';

const env = parseEnv(TrainEnv);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  runs: runStore(table),
  models: modelStore(table),
  jobs: sageMakerJobs(env.STAGE),
  clock: systemClock,
  settings: { ...jobSettings(env), preset: env.PRESET, spot: env.SPOT },
};

export const handler = step(StepInput, z.void(), ({ run_id }) => train(deps, run_id));
