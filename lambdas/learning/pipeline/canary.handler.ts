import { CanaryState, StepInput } from '../../../contracts/learning/steps.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseEnv } from '../../shared/env.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { modelStore } from '../../shared/stores/model-store.ts';
import { runStore } from '../../shared/stores/run-store.ts';
import { trialStore } from '../../shared/stores/trial-store.ts';
import { canary } from './canary.ts';
import { CanaryEnv } from './pipeline.env.ts';
import { step } from './step.ts';

const env = parseEnv(CanaryEnv);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  runs: runStore(table),
  models: modelStore(table),
  trials: trialStore(table),
  clock: systemClock,
  canary: {
    seconds: env.CANARY_SECONDS,
    maxItems: env.TRIAL_MAX_ITEMS,
    soleBuyerDecides: env.SOLE_BUYER_DECIDES,
  },
};

export const handler = step(StepInput, CanaryState, ({ run_id }) => canary(deps, run_id));
