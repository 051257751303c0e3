import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sqsQueue } from '../../../lambdas/shared/workers/queue.ts';

/** How long to wait between attempts is not what is looked at here. */
vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

let server: Server | undefined;
afterEach(() => {
  server?.close();
  vi.unstubAllEnvs();
});

it('sends a message to the configured endpoint, whatever host the queue URL has', async () => {
  const bodies: string[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      bodies.push(body);
      const { MessageBody } = JSON.parse(body) as { MessageBody: string };
      const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
      response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify({ MessageId: '1', MD5OfMessageBody }));
    });
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  const queueUrl = 'http://localhost:1/000000000000/chunks';
  await sqsQueue<{ n: number }>(queueUrl).send({ n: 1 }, 0);
  expect(bodies.map((body) => JSON.parse(body) as object)).toMatchObject([
    { QueueUrl: queueUrl, MessageBody: '{"n":1}' },
  ]);
});

describe('many messages', () => {
  /** A queue that rejects the messages of `rejected` in each of its first batches. */
  function queueRejecting(rejected: readonly (readonly string[])[]) {
    const client = new SQSClient({ region: 'eu-central-1' });
    const sqs = mockClient(client);
    const sent: string[][] = [];
    sqs
      .on(SendMessageBatchCommand)
      .callsFake(({ Entries }: { Entries: { Id: string; MessageBody: string }[] }) => {
        const bodies = rejected[sent.push(Entries.map(({ MessageBody }) => MessageBody)) - 1] ?? [];
        const Failed = Entries.filter(({ MessageBody }) => bodies.includes(MessageBody)).map(({ Id }) => ({
          Id,
        }));
        return { Failed };
      });
    return { sent, queue: sqsQueue<number>('http://localhost/q', client) };
  }

  it('are sent in batches of ten, and those that SQS rejects are sent again', async () => {
    const { sent, queue } = queueRejecting([['3', '7'], ['7']]);
    await queue.sendAll(Array.from({ length: 12 }, (_, i) => i));
    expect(sent.map((bodies) => bodies.length)).toEqual([10, 2, 1, 2]);
    expect(sent.slice(1, 3)).toEqual([['3', '7'], ['7']]);
  });

  it('fail together if SQS rejects one five times', async () => {
    const { sent, queue } = queueRejecting(Array.from({ length: 9 }, () => ['1']));
    await expect(queue.sendAll([0, 1])).rejects.toThrow('SQS rejected 1 messages');
    expect(sent).toEqual([['0', '1'], ['1'], ['1'], ['1'], ['1']]);
  });
});
