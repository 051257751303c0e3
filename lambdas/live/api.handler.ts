import { liveOperations } from '../../contracts/api/live.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { Env } from './api.env.ts';
import { eventLog } from './event-log.ts';
import { createTicket, listEvents } from './read-events.ts';
import { tickets } from './tickets.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  events: eventLog(table),
  tickets: tickets(table),
  clock: systemClock,
  url: env.LIVE_URL,
};

export const handler = createApi(liveOperations, apiDependencies(env, table), {
  createLiveTicket: (_input, { caller }) => createTicket(deps, caller),
  listEvents: ({ query }, { caller }) => listEvents(deps, caller, query),
});
