import { envelope } from '../../contracts/events/index.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { resultStore } from '../shared/stores/result-store.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { batchWorker } from '../shared/workers/batch-worker.ts';
import { Env } from './count.env.ts';
import { countOpenTasks } from './count-open-tasks.ts';
import { countTasks } from './count-tasks.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = { table, tasks: taskStore(table), results: resultStore(table), clock: systemClock };

export const handler = batchWorker(envelope('task.updated'), async (messages) => {
  const changes = messages.map(({ detail }) => detail);
  await countTasks(deps, changes);
  await countOpenTasks(
    deps,
    changes.map(({ task_id }) => task_id),
  );
});
