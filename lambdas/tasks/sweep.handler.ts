import type { Context } from 'aws-lambda';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { logger } from '../shared/logger.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { resultStore } from '../shared/stores/result-store.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { sweep } from './sweep.ts';
import { Env } from './sweep.env.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  tasks: taskStore(table),
  results: resultStore(table),
  clock: systemClock,
};

export const handler = async (_event: unknown, context: Context): Promise<void> => {
  const swept = await sweep(deps, () => context.getRemainingTimeInMillis());
  logger.info('swept', { ...swept });
};
