import { adminOperations } from '../../contracts/api/admin.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { agentProfileStore } from '../shared/stores/agent-profile-store.ts';
import { agentStore } from '../shared/stores/agent-store.ts';
import { auditLog } from '../shared/stores/audit-log.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { figureStore } from '../shared/stores/figure-store.ts';
import { runStore } from '../shared/stores/run-store.ts';
import { userStore } from '../shared/stores/user-store.ts';
import { listAgentRanks } from './agent-ranks.ts';
import { Env } from './api.env.ts';
import { readOpenTasks } from './count-open-tasks.ts';
import { queueDepths, QueueUrls, sqsAttributes } from './queue-depths.ts';
import { accountSummary, systemMetrics } from './read-figures.ts';
import { listAuditLog } from './read-audit-log.ts';
import { listUsers, updateUser } from './users.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const queueUrls = QueueUrls.parse(JSON.parse(env.QUEUE_URLS));
const readAttributes = sqsAttributes();
const deps = {
  users: userStore(table),
  profiles: agentProfileStore(table),
  agents: agentStore(table),
  figures: figureStore(table),
  runs: runStore(table),
  audit: auditLog(table),
  clock: systemClock,
  openTasks: () => readOpenTasks(table),
  queueDepths: () => queueDepths(queueUrls, readAttributes),
};

export const handler = createApi(adminOperations, apiDependencies(env, table), {
  listUsers: ({ query }) => listUsers(deps, query),
  updateUser: ({ params, body }, { caller, newId }) =>
    updateUser(deps, caller.userId, params.user_id, body, newId),
  listAgentRanks: ({ query }) => listAgentRanks(deps, query),
  getSystemMetrics: ({ query }) => systemMetrics(deps, query.window),
  listAuditLog: ({ query }) => listAuditLog(deps, query),
  getAnalyticsSummary: ({ query }, { caller }) => accountSummary(deps, caller.userId, query.days),
});
