import { envelope } from '../../contracts/events/index.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { backoff, retry } from '../shared/retry.ts';
import { agentProfileStore } from '../shared/stores/agent-profile-store.ts';
import { agentStore } from '../shared/stores/agent-store.ts';
import { assignmentStore } from '../shared/stores/assignment-store.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { modelStore } from '../shared/stores/model-store.ts';
import { reviewStore } from '../shared/stores/review-store.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { userStore } from '../shared/stores/user-store.ts';
import { queueWorker } from '../shared/workers/queue-worker.ts';
import { followAccount } from './withdraw-agent.ts';
import { Env } from './withdraw.env.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  users: userStore(table),
  tasks: taskStore(table),
  reviews: reviewStore(table),
  assignments: assignmentStore(table),
  agents: agentStore(table),
  profiles: agentProfileStore(table),
  models: modelStore(table),
  clock: systemClock,
  basePriceSatoshis: env.BASE_PRICE_SATOSHIS,
  deadlineMinutes: env.DUKE_DEADLINE_MINUTES,
  agentDeadlineMinutes: env.AGENT_DEADLINE_MINUTES,
};

/** Within a minute in total: a message that failed becomes visible again later than that. */
const RETRIES = { attempts: 6, waitMs: backoff(500) };

export const handler = queueWorker(envelope('agent.account_changed'), ({ detail }) =>
  retry(() => followAccount(deps, detail.agent_id), RETRIES),
);
