import { agentOperations } from '../../contracts/api/agents.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { agentProfileStore } from '../shared/stores/agent-profile-store.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { userStore } from '../shared/stores/user-store.ts';
import { Env } from './api.env.ts';
import { getProfile, listAgents, updateProfile } from './profile.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = { profiles: agentProfileStore(table), users: userStore(table), clock: systemClock };

export const handler = createApi(agentOperations, apiDependencies(env, table), {
  getAgent: (_input, { caller }) => getProfile(deps, caller.userId),
  updateAgent: ({ body }, { caller }) => updateProfile(deps, caller.userId, body),
  listAgents: ({ query }) => listAgents(deps, query),
});
