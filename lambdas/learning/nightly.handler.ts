import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { trainingLockStore } from '../shared/stores/training-lock-store.ts';
import { Env } from './nightly.env.ts';
import { nightlyTrigger } from './nightly-trigger.ts';

const locks = trainingLockStore(dynamoDbTable(parseEnv(Env).TABLE_NAME));

export const handler = (): Promise<void> => locks.fire(nightlyTrigger(systemClock()));
