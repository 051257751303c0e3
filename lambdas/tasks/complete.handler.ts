import { envelope } from '../../contracts/events/index.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { s3ObjectStore } from '../shared/objects.ts';
import { agentProfileStore } from '../shared/stores/agent-profile-store.ts';
import { agentStore } from '../shared/stores/agent-store.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { draftStore } from '../shared/stores/draft-store.ts';
import { fileStore } from '../shared/stores/file-store.ts';
import { modelStore } from '../shared/stores/model-store.ts';
import { reviewStore } from '../shared/stores/review-store.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { queueWorker } from '../shared/workers/queue-worker.ts';
import { Env } from './complete.env.ts';
import { completeTask } from './complete-task.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  tasks: taskStore(table),
  reviews: reviewStore(table),
  drafts: draftStore(table),
  files: fileStore(table),
  uploads: s3ObjectStore(env.FILES_BUCKET),
  work: s3ObjectStore(env.WORK_BUCKET),
  agents: agentStore(table),
  profiles: agentProfileStore(table),
  models: modelStore(table),
  clock: systemClock,
  basePriceSatoshis: env.BASE_PRICE_SATOSHIS,
  agentDeadlineMinutes: env.AGENT_DEADLINE_MINUTES,
};

export const handler = queueWorker(envelope('task.chunks_done'), ({ detail }) =>
  completeTask(deps, detail.task_id),
);
