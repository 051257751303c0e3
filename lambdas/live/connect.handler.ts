import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { sessionReader } from '../shared/session-reader.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { Env } from './connect.env.ts';
import { connect } from './connect.ts';
import { connections } from './connections.ts';
import { roleOfSession } from './role-of.ts';
import { gatewaySender } from './sender.ts';
import { tickets } from './tickets.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  tickets: tickets(table),
  connections: connections(table),
  roleOf: roleOfSession(sessionReader(table, systemClock)),
  sender: gatewaySender(env.CONNECTIONS_URL),
  clock: systemClock,
};

/** The query string of the connect request, which the types of WebSocket events lack. */
type ConnectEvent = APIGatewayProxyWebsocketEventV2 & {
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null;
};

export const handler = async (event: ConnectEvent): Promise<APIGatewayProxyResultV2> => {
  const { connectionId } = event.requestContext;
  const opened = await connect(deps, connectionId, event.queryStringParameters?.['ticket']);
  return { statusCode: opened ? 200 : 401 };
};
