import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { parseEnv } from '../shared/env.ts';
import { sqsQueue } from '../shared/workers/queue.ts';
import { eventBridgePublisher } from './publisher.ts';
import { Env } from './route.env.ts';
import { route } from './route.ts';
import type { Unrouted } from './route.ts';

const env = parseEnv(Env);
const publish = eventBridgePublisher(env.EVENT_BUS_NAME);
const unrouted = sqsQueue<Unrouted>(env.UNROUTED_QUEUE_URL);

export const handler = (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> =>
  route(publish, (records) => unrouted.sendAll(records), event);
