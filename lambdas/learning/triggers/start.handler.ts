import { envelope } from '../../../contracts/events/index.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseEnv } from '../../shared/env.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { modelStore } from '../../shared/stores/model-store.ts';
import { trainingLockStore } from '../../shared/stores/training-lock-store.ts';
import { queueWorker } from '../../shared/workers/queue-worker.ts';
import { stepFunctions } from './executions.ts';
import { StartEnv } from './triggers.env.ts';
import { startTriggered } from './start-triggered.ts';

const env = parseEnv(StartEnv);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  models: modelStore(table),
  locks: trainingLockStore(table),
  executions: stepFunctions(env.TRAINING_MACHINE_ARN),
  clock: systemClock,
};

export const handler = queueWorker(envelope('training.triggered'), ({ detail }) =>
  startTriggered(deps, detail.key),
);
