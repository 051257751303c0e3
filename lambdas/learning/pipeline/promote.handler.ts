import { Promoted, StepInput } from '../../../contracts/learning/steps.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseEnv } from '../../shared/env.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { modelStore } from '../../shared/stores/model-store.ts';
import { runStore } from '../../shared/stores/run-store.ts';
import { promoteCandidate } from './promote.ts';
import { PromoteEnv } from './pipeline.env.ts';
import { step } from './step.ts';

const env = parseEnv(PromoteEnv);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  runs: runStore(table),
  models: modelStore(table),
  clock: systemClock,
  watch: {
    seconds: env.WATCH_SECONDS,
    maxItems: env.TRIAL_MAX_ITEMS,
    soleBuyerDecides: env.SOLE_BUYER_DECIDES,
  },
};

export const handler = step(StepInput, Promoted, ({ run_id }) => promoteCandidate(deps, run_id));
