import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { afterAll, expect, it } from 'vitest';
import { sesMailer } from '../../../lambdas/notifications/mailer.ts';
import { outbox } from '../../../local/mail/outbox.ts';
import { mailRoutes } from '../../../local/mail/routes.ts';

const folder = mkdtempSync(join(tmpdir(), 'outbox-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const email = {
  to: 'ada@example.com',
  subject: 'You have a new task',
  text: 'Grüße\n\nhttps://example.com/a?b=c\n',
  unsubscribeUrl: 'https://example.com/unsubscribe?token=abc',
};

it('stores e-mails sent through the SES SDK in a file, and shows them on a page', async () => {
  const routes = mailRoutes(outbox(folder));
  const server = createServer((request, response) => {
    const listener = routes(request.url ?? '');
    if (listener) listener(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new SESv2Client({
    endpoint: `${address}/local/ses`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await sesMailer('notices@dukenet.local', client).send(email);
  await sesMailer('notices@dukenet.local', client).send({ ...email, subject: '<b>&' });

  const [newest, first] = outbox(folder).list();
  expect(newest).toMatchObject({ to: 'ada@example.com', subject: '<b>&' });
  const page = await (await fetch(`${address}/outbox`)).text();
  expect(page).toContain(`<a href="/outbox/${newest?.id}">&lt;b&gt;&amp;</a>`);
  const source = await (await fetch(`${address}/outbox/${first?.id}`)).text();
  expect(source.split('\r\n')).toEqual(
    expect.arrayContaining([
      'From: notices@dukenet.local',
      'To: ada@example.com',
      'Subject: You have a new task',
      'List-Unsubscribe: <https://example.com/unsubscribe?token=abc>',
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      'Content-Type: text/plain; charset=utf-8',
      'Grüße',
    ]),
  );
  for (const other of ['/outbox/..%2f..%2fetc%2fpasswd', '/outbox/none'])
    expect((await fetch(address + other)).status).toBe(404);
  server.closeAllConnections();
  server.close();
});
