import { Gated, StepInput } from '../../../contracts/learning/steps.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseEnv } from '../../shared/env.ts';
import { s3ObjectStore } from '../../shared/objects.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { modelStore } from '../../shared/stores/model-store.ts';
import { runStore } from '../../shared/stores/run-store.ts';
import { gate } from './gate.ts';
import { GateEnv } from './pipeline.env.ts';
import { unusableReporter } from './report-unusable.ts';
import { step } from './step.ts';

const env = parseEnv(GateEnv);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  runs: runStore(table),
  models: modelStore(table),
  work: s3ObjectStore(env.WORK_BUCKET),
  clock: systemClock,
  reportUnusable: unusableReporter(env.STAGE),
};

export const handler = step(StepInput, Gated, ({ run_id }) => gate(deps, run_id));
