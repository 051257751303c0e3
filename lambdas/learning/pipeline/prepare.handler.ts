import { Prepared, StepInput } from '../../../contracts/learning/steps.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseEnv } from '../../shared/env.ts';
import { s3ObjectStore } from '../../shared/objects.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { modelStore } from '../../shared/stores/model-store.ts';
import { runStore } from '../../shared/stores/run-store.ts';
import { trainingLockStore } from '../../shared/stores/training-lock-store.ts';
import { trainingStore } from '../../shared/stores/training-store.ts';
import { s3Files } from '../outcomes/outcome-files.ts';
import { prepare } from './prepare.ts';
import { PrepareEnv } from './pipeline.env.ts';
import { unusableReporter } from './report-unusable.ts';
import { activeRun } from './run-of.ts';
import { step } from './step.ts';

const env = parseEnv(PrepareEnv);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  runs: runStore(table),
  models: modelStore(table),
  locks: trainingLockStore(table),
  training: trainingStore(table),
  work: s3ObjectStore(env.WORK_BUCKET),
  listFiles: s3Files(env.WORK_BUCKET),
  clock: systemClock,
  minNewLabels: env.MIN_NEW_LABELS,
  reportUnusable: unusableReporter(env.STAGE),
};

export const handler = step(StepInput, Prepared, async ({ run_id }) =>
  prepare(deps, await activeRun(deps.runs, run_id)),
);
