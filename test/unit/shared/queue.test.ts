import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { sqsQueue } from '../../../lambdas/shared/workers/queue.ts';

let server: Server;
afterEach(() => {
  server.close();
  vi.unstubAllEnvs();
});

it('a message goes to the configured endpoint, whatever host the URL of the queue names', async () => {
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
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
