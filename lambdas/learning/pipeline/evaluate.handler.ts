import * as z from 'zod';
import { StepInput } from '../../../contracts/learning/steps.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseEnv } from '../../shared/env.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { modelStore } from '../../shared/stores/model-store.ts';
import { runStore } from '../../shared/stores/run-store.ts';
import { EvaluateEnv } from './pipeline.env.ts';
import { jobSettings } from './job-settings.ts';
import { sageMakerJobs } from './jobs.ts';
import { step } from './step.ts';
import { evaluate } from './train.ts';

const env = parseEnv(EvaluateEnv);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  runs: runStore(table),
  models: modelStore(table),
  jobs: sageMakerJobs(env.STAGE),
  clock: systemClock,
  settings: { ...jobSettings(env), revenueDecides: env.REVENUE_DECIDES },
};

export const handler = step(StepInput, z.void(), ({ run_id }) => evaluate(deps, run_id));
