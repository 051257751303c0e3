import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { parseEnv } from '../shared/env.ts';
import { eventBridgePublisher } from './publisher.ts';
import { Env } from './route.env.ts';
import { route } from './route.ts';

const publish = eventBridgePublisher(parseEnv(Env).EVENT_BUS_NAME);

export const handler = (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => route(publish, event);
