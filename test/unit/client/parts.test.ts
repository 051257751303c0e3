import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DukeNet } from '../../../client/typescript/src/index.ts';
import { lost, problem } from './fake-api.ts';

const PART_BYTES = 1000;
const DATA = Buffer.from(Array.from({ length: 3500 }, (_, i) => i % 251));
const upload = { filename: 'a.zip', content_type: 'application/zip', data: new Blob([DATA]) } as const;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The API and the storage of one file in parts. `fault` answers a request in place of them. */
function partServer(fault: (route: string, count: number) => Response | Error | undefined = () => undefined) {
  const stored = new Map<number, Buffer>();
  const counts = new Map<string, number>();
  let completed = 0;
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    const route = `${request.method} ${pathname}`;
    const count = (counts.get(route) ?? 0) + 1;
    counts.set(route, count);
    const failure = fault(route, count);
    if (failure instanceof Error) throw failure;
    if (failure) return failure;
    switch (route) {
      case 'POST /api/v2/files/upload':
        return Response.json(
          {
            file: { id: 'f' },
            upload: { url: 'http://s/', fields: {} },
            multipart: { part_bytes: PART_BYTES, parts: 4 },
          },
          { status: 201 },
        );
      case 'GET /api/v2/files/f/parts':
        return Response.json({
          multipart: { part_bytes: PART_BYTES, parts: 4 },
          parts: [...stored].map(([part_number, bytes]) => ({
            part_number,
            size_bytes: bytes.length,
            sha256: sha256(bytes),
          })),
        });
      case 'POST /api/v2/files/f/parts': {
        const { parts } = (await request.json()) as { parts: { part_number: number; sha256: string }[] };
        return Response.json({
          parts: parts.map(({ part_number, sha256: hash }) => ({
            part_number,
            url: `http://storage/part?n=${part_number}`,
            headers: { 'x-amz-checksum-sha256': hash },
          })),
        });
      }
      case 'PUT /part': {
        const bytes = Buffer.from(await request.arrayBuffer());
        expect(request.headers.get('authorization')).toBeNull();
        expect(request.headers.get('x-amz-checksum-sha256')).toBe(sha256(bytes));
        stored.set(Number(searchParams.get('n')), bytes);
        return new Response(null, { status: 200 });
      }
      case 'POST /api/v2/files/f/complete':
        completed += 1;
        return Response.json({ id: 'f', status: 'pending' });
    }
    throw new Error(`unexpected ${route}`);
  };
  const duke = new DukeNet({
    baseUrl: 'http://api.test/',
    fetch,
    retries: { retries: 3, firstDelayMs: 1, maxDelayMs: 2 },
  });
  const bytes = (): Buffer => Buffer.concat([1, 2, 3, 4].map((n) => stored.get(n) ?? Buffer.alloc(0)));
  return { duke, stored, counts, bytes, completed: () => completed };
}

describe('a file in parts', () => {
  it('is announced, sent and completed', async () => {
    const server = partServer();
    const progress: number[] = [];
    await server.duke.sendFile(upload, { onProgress: (sent) => progress.push(sent) });
    expect(server.bytes().equals(DATA)).toBe(true);
    expect(server.completed()).toBe(1);
    expect(progress.at(-1)).toBe(DATA.length);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });

  it('survives dropped connections at every step', async () => {
    // Parts are sent in parallel: if every second request were lost, one part could lose all of its attempts.
    const server = partServer((route, count) =>
      (count === 1 || count === 3) && !route.endsWith('/upload') ? lost() : undefined,
    );
    await server.duke.sendFile(upload);
    expect(server.bytes().equals(DATA)).toBe(true);
    expect(server.completed()).toBe(1);
  });

  it('is resumed with the parts that are missing or have changed', async () => {
    const server = partServer();
    server.stored.set(1, DATA.subarray(0, PART_BYTES));
    server.stored.set(2, Buffer.alloc(PART_BYTES));
    await server.duke.resumeFile('f', upload);
    expect(server.counts.get('PUT /part')).toBe(3);
    expect(server.bytes().equals(DATA)).toBe(true);
  });

  it('signs a part again if its URL has expired, a limited number of times', async () => {
    const expired = () => new Response('<Code>AccessDenied</Code>', { status: 403 });
    const once = partServer((route, count) => (route === 'PUT /part' && count === 1 ? expired() : undefined));
    await once.duke.sendFile(upload);
    expect(once.bytes().equals(DATA)).toBe(true);
    expect(once.counts.get('POST /api/v2/files/f/parts')).toBe(5);
    const always = partServer((route) => (route === 'PUT /part' ? expired() : undefined));
    await expect(always.duke.sendFile(upload)).rejects.toMatchObject({ status: 403 });
    expect(always.completed()).toBe(0);
  });

  it('is not completed when the storage rejects a part', async () => {
    const server = partServer((route) =>
      route === 'PUT /part' ? new Response('<Code>BadDigest</Code>', { status: 400 }) : undefined,
    );
    await expect(server.duke.sendFile(upload)).rejects.toMatchObject({ status: 400 });
    expect(server.completed()).toBe(0);
  });

  it('names the missing parts', async () => {
    const server = partServer((route) =>
      route.endsWith('/complete') ? problem(409, 'upload_incomplete')() : undefined,
    );
    await expect(server.duke.sendFile(upload)).rejects.toMatchObject({ status: 409 });
  });

  it('stops when its signal is aborted', async () => {
    const controller = new AbortController();
    const server = partServer((route) => {
      if (route === 'PUT /part') controller.abort(new Error('enough'));
      return undefined;
    });
    await expect(server.duke.sendFile(upload, { signal: controller.signal })).rejects.toThrow('enough');
    expect(server.completed()).toBe(0);
  });
});
