import { JobState, PollInput } from '../../../contracts/learning/steps.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseEnv } from '../../shared/env.ts';
import { s3ObjectStore } from '../../shared/objects.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { runStore } from '../../shared/stores/run-store.ts';
import { sageMakerJobs } from './jobs.ts';
import { poll } from './poll.ts';
import { PollEnv } from './pipeline.env.ts';
import { step } from './step.ts';

const env = parseEnv(PollEnv);
const deps = {
  runs: runStore(dynamoDbTable(env.TABLE_NAME)),
  jobs: sageMakerJobs(env.STAGE),
  work: s3ObjectStore(env.WORK_BUCKET),
  clock: systemClock,
};

export const handler = step(PollInput, JobState, (input) => poll(deps, input));
