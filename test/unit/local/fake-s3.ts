import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeS3 {
  readonly url: string;
  /** By `bucket/key`. */
  readonly objects: Map<string, Buffer>;
  /** Every upload, in order. */
  readonly puts: string[];
  /** Uploads of these are never answered. */
  readonly held: Set<string>;
  close(): Promise<void>;
}

/** Stands for S3: one bucket named `work`, path-style; lists, gets and puts, two keys a page. */
export async function startFakeS3(): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
  const puts: string[] = [];
  const held = new Set<string>();
  const server = createServer((request, response) => {
    answer({ objects, puts, held }, request, response).catch(() => {
      // An upload that was interrupted.
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    puts,
    held,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { objects, puts, held }: Pick<FakeS3, 'objects' | 'puts' | 'held'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://s3');
  const name = decodeURIComponent(pathname.slice(1));
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  if (!name.startsWith('work')) {
    refuse(response, 'NoSuchBucket');
  } else if (request.method === 'PUT') {
    puts.push(name);
    if (held.has(name)) return;
    objects.set(name, Buffer.concat(parts));
    response.writeHead(200, { etag: '"0"' }).end();
  } else if (searchParams.has('list-type')) {
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(listing(objects, searchParams));
  } else {
    const found = objects.get(name);
    if (found) response.writeHead(200, { 'content-length': found.length }).end(found);
    else refuse(response, 'NoSuchKey');
  }
}

const PAGE = 2;

function listing(objects: Map<string, Buffer>, query: URLSearchParams): string {
  const after = query.get('continuation-token') ?? '';
  const keys = [...objects.keys()]
    .map((name) => name.slice('work/'.length))
    .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after)
    .sort();
  const page = keys.slice(0, PAGE);
  const more = keys.length > page.length;
  return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${page
    .map((key) => `<Contents><Key>${key}</Key></Contents>`)
    .join(
      '',
    )}${more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''}</ListBucketResult>`;
}

function refuse(response: ServerResponse, code: string): void {
  response.writeHead(404, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>There is no such thing.</Message></Error>`);
}
