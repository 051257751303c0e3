import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { parseEnv } from '../shared/env.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { disconnect } from './connect.ts';
import { connections } from './connections.ts';
import { Env } from './disconnect.env.ts';

const env = parseEnv(Env);
const open = connections(dynamoDbTable(env.TABLE_NAME));

export const handler = async (event: APIGatewayProxyWebsocketEventV2): Promise<APIGatewayProxyResultV2> => {
  await disconnect(open, event.requestContext.connectionId);
  return { statusCode: 200 };
};
