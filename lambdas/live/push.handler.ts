import * as z from 'zod';
import { envelope, LIVE_EVENT_TYPES } from '../../contracts/events/index.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { sessionReader } from '../shared/session-reader.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { userStore } from '../shared/stores/user-store.ts';
import { batchWorker } from '../shared/workers/batch-worker.ts';
import { connections } from './connections.ts';
import { eventLog } from './event-log.ts';
import { Env } from './push.env.ts';
import { pusher } from './push.ts';
import type { Reported } from './readers.ts';
import { roleOfSession } from './role-of.ts';
import { gatewaySender } from './sender.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const push = pusher({
  events: eventLog(table),
  connections: connections(table),
  roleOf: roleOfSession(sessionReader(table, systemClock)),
  users: userStore(table),
  sender: gatewaySender(env.CONNECTIONS_URL),
  clock: systemClock,
});

const Message = z.discriminatedUnion('detail-type', [
  envelope('task.updated'),
  envelope('agent.assigned'),
  envelope('result.created'),
  envelope('wallet.updated'),
  envelope('model.run.updated'),
]);
/** Does not compile if a type of `LIVE_EVENT_TYPES` has no envelope above, or there is an extra one. */
type Consumed = z.infer<typeof Message>['detail-type'];
LIVE_EVENT_TYPES satisfies readonly Consumed[];

export const handler = batchWorker(Message, (messages) =>
  push(messages.map(({ 'detail-type': type, detail }) => ({ type, detail }) as Reported)),
);
