import { systemClock } from '../../shared/clock.ts';
import { parseEnv } from '../../shared/env.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { trainingLockStore } from '../../shared/stores/training-lock-store.ts';
import { NightlyEnv } from './triggers.env.ts';
import { nightlyTrigger } from './nightly-trigger.ts';

const locks = trainingLockStore(dynamoDbTable(parseEnv(NightlyEnv).TABLE_NAME));

export const handler = (): Promise<void> => locks.fire(nightlyTrigger(systemClock()));
