import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { SendEmail } from './outbox.ts';
import type { Outbox } from './outbox.ts';

/** Path of the local SES, below which its API has its paths of AWS. */
export const SES_PATH = '/local/ses';
const OUTBOUND = `${SES_PATH}/v2/email/outbound-emails`;
export const OUTBOX_PATH = '/outbox';

const escaped = (value: string): string =>
  value.replaceAll(
    /[&<>"]/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]!,
  );

function page(outbox: Outbox): string {
  const rows = outbox
    .list()
    .map(
      ({ id, to, subject, date }) =>
        `<tr><td>${escaped(date)}</td><td>${escaped(to)}</td><td><a href="${OUTBOX_PATH}/${id}">${escaped(subject)}</a></td></tr>`,
    );
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>DukeNET outbox</title></head>
  <body>
    <h1>Outbox</h1>
    <p>E-mails of the local platform: written here instead of being sent.</p>
    <table><thead><tr><th>Date</th><th>To</th><th>Subject</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>
  </body>
</html>
`;
}

async function send(outbox: Outbox, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parsed = SendEmail.safeParse(JSON.parse(await text(request)));
  if (!parsed.success) {
    response
      .writeHead(400, { 'content-type': 'application/json', 'x-amzn-errortype': 'BadRequestException' })
      .end(JSON.stringify({ message: parsed.error.message }));
    return;
  }
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ MessageId: outbox.add(parsed.data) }));
}

/**
 * What SES is on AWS, and a page of what would have been sent.
 * @returns a listener for the paths of e-mails, and undefined for any other
 */
export function mailRoutes(outbox: Outbox): (path: string) => RequestListener | undefined {
  return (path) => {
    if (path === OUTBOUND)
      return (request, response) => {
        send(outbox, request, response).catch((error: unknown) => {
          response.writeHead(500).end(String(error));
        });
      };
    if (path === OUTBOX_PATH)
      return (_request, response) =>
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(outbox));
    const id = path.startsWith(`${OUTBOX_PATH}/`) ? path.slice(OUTBOX_PATH.length + 1) : undefined;
    const source = id === undefined ? undefined : outbox.read(id);
    if (source === undefined) return undefined;
    return (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(source);
  };
}
