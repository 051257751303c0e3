import type { ChunkMessage } from '../../contracts/entities/task-messages.ts';
import { resultOperations } from '../../contracts/api/results.ts';
import { taskOperations } from '../../contracts/api/tasks.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { createApi } from '../shared/http/api.ts';
import { systemClock } from '../shared/clock.ts';
import { downloadUrls } from '../shared/download-url.ts';
import { parseEnv } from '../shared/env.ts';
import { s3ObjectStore } from '../shared/objects.ts';
import { agentProfileStore } from '../shared/stores/agent-profile-store.ts';
import { agentStore } from '../shared/stores/agent-store.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { fileStore } from '../shared/stores/file-store.ts';
import { modelStore } from '../shared/stores/model-store.ts';
import { quoteStore } from '../shared/stores/quote-store.ts';
import { recallStore } from '../shared/stores/recall-store.ts';
import { resultStore } from '../shared/stores/result-store.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { walletStore } from '../shared/stores/wallet-store.ts';
import { batchSender } from '../shared/workers/batch-sender.ts';
import { Env } from './api.env.ts';
import { PATHS_ELSEWHERE } from './paths-elsewhere.ts';
import { createTask } from './create-task.ts';
import { cancelTask } from './end-task.ts';
import { getResult, listResultItems, listResults, listTaskResults } from './read-results.ts';
import { getTask, listTaskItems, listTasks } from './read-tasks.ts';
import { mayWaitFor, waitForEnd } from './wait-for-end.ts';
import { withdrawTraining } from './withdraw-training.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  tasks: taskStore(table),
  files: fileStore(table),
  results: resultStore(table),
  agents: agentStore(table),
  profiles: agentProfileStore(table),
  models: modelStore(table),
  recalls: recallStore(table),
  quotes: quoteStore(table),
  wallets: walletStore(table),
  work: s3ObjectStore(env.WORK_BUCKET),
  enqueue: batchSender<ChunkMessage>(env.EXECUTE_QUEUE_URL),
  downloadUrl: downloadUrls(env.WORK_BUCKET),
  clock: systemClock,
  basePriceSatoshis: env.BASE_PRICE_SATOSHIS,
  deadlineMinutes: env.DUKE_DEADLINE_MINUTES,
  agentDeadlineMinutes: env.AGENT_DEADLINE_MINUTES,
};

const operations = { ...taskOperations, ...resultOperations };

export const handler = createApi(
  operations,
  apiDependencies(env, table),
  {
    createTask: async ({ body }, { caller, newId, wait, reply }) => {
      const task = await createTask(deps, caller, body, newId);
      if (!wait || !mayWaitFor(task)) return task;
      reply.preferenceApplied = wait.preference;
      return waitForEnd(deps, task, wait.seconds);
    },
    listTasks: ({ query }, { caller }) => listTasks(deps, caller, query),
    getTask: ({ params }, { caller }) => getTask(deps, caller, params.task_id),
    listTaskItems: ({ params, query }, { caller }) => listTaskItems(deps, caller, params.task_id, query),
    changeTask: ({ params }, { caller }) => withdrawTraining(deps, caller.userId, params.task_id),
    cancelTask: ({ params }, { caller }) => cancelTask(deps, caller.userId, params.task_id),
    listTaskResults: ({ params }, { caller }) => listTaskResults(deps, caller, params.task_id),
    listResults: ({ query }, { caller }) => listResults(deps, caller, query),
    getResult: ({ params }, { caller }) => getResult(deps, caller, params.result_id),
    listResultItems: ({ params, query }, { caller }) =>
      listResultItems(deps, caller, params.result_id, query),
  },
  PATHS_ELSEWHERE,
);
