import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { keys } from '../../contracts/naming.ts';
import type { Probes } from './health.ts';

export interface Parts {
  readonly tableName: string;
  readonly bucket: string;
  readonly endpointName: string;
}

/** No retries: a health check must answer quickly. */
const once = { maxAttempts: 1 };

export function awsProbes(parts: Parts): Probes {
  const dynamoDb = new DynamoDBClient(once);
  const s3 = new S3Client(once);
  const sageMaker = new SageMakerClient(once);
  const { pk, sk } = keys.routing();
  return {
    async table(abortSignal) {
      const command = new GetItemCommand({
        TableName: parts.tableName,
        Key: { pk: { S: pk }, sk: { S: sk } },
      });
      await dynamoDb.send(command, { abortSignal });
    },
    async bucket(abortSignal) {
      await s3.send(new HeadBucketCommand({ Bucket: parts.bucket }), { abortSignal });
    },
    async endpoint(abortSignal) {
      const command = new DescribeEndpointCommand({ EndpointName: parts.endpointName });
      return (await sageMaker.send(command, { abortSignal })).EndpointStatus ?? 'Unknown';
    },
  };
}
