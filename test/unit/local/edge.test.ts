import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEdge, type Edge } from '../../../local/edge/servers.ts';
import { compressFiles } from '../../../local/spa.ts';
import { SPA_FILES, edgeAnswers } from '../../support/edge.ts';
import { freePort } from '../../../local/ports.ts';

let gateway: Server;
let edge: Edge;
let spa: string;
let web: string;
let api: string;
let awsEndpoint: string;

/** Stands for MiniStack's API Gateway: tells what reached it. */
beforeAll(async () => {
  gateway = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      response.setHeader('set-cookie', ['refresh=a; Path=/', 'other=b']);
      response.writeHead(request.url?.includes('missing') ? 404 : 201, {
        'content-type': 'application/json',
      });
      const { method, url, headers } = request;
      response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(parts).toString() }));
    });
  });
  await new Promise<void>((resolve) => {
    gateway.listen(0, '127.0.0.1', resolve);
  });
  spa = mkdtempSync(join(tmpdir(), 'spa-'));
  mkdirSync(join(spa, 'assets'));
  for (const [file, content] of Object.entries(SPA_FILES)) writeFileSync(join(spa, file), content);
  compressFiles(spa);
  const { port } = gateway.address() as AddressInfo;
  const [webPort, apiPort] = [await freePort(), await freePort()];
  awsEndpoint = `http://127.0.0.1:${port}`;
  const root = join(import.meta.dirname, '../../..');
  edge = await startEdge({ webPort, apiPort });
  edge.open({
    root,
    spa,
    outbox: join(spa, 'outbox'),
    awsEndpoint,
    apiId: 'abcd1234',
    liveApiId: 'live5678',
    liveOrigin: 'ws://localhost:3001',
  });
  web = `http://127.0.0.1:${webPort}`;
  api = `http://127.0.0.1:${apiPort}`;
});
afterAll(async () => {
  await edge.close();
  gateway.close();
  rmSync(spa, { recursive: true });
});

describe.each([
  ['the web origin', () => web],
  ['the API address', () => api],
])('%s', (_, base) => {
  it('forwards an API request unchanged to the host name of the deployed API', async () => {
    const answer = await fetch(`${base()}/api/v2/tasks?limit=2&cursor=a%2Fb`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', cookie: 'refresh=r', authorization: 'Bearer t' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual(['refresh=a; Path=/', 'other=b']);
    expect(await answer.json()).toMatchObject({
      method: 'POST',
      url: '/api/v2/tasks?limit=2&cursor=a%2Fb',
      body: '{"a":1}',
      headers: {
        host: expect.stringMatching(/^abcd1234\.execute-api\.localhost:\d+$/) as string,
        'content-type': 'application/json',
        cookie: 'refresh=r',
        authorization: 'Bearer t',
      },
    });
    expect((await fetch(`${base()}/api/v2/missing`)).status).toBe(404);
  });
});

describe.each([
  ['the web origin', () => web],
  ['the API address', () => api],
])('%s', (_, base) => {
  it('forwards a WebSocket to the host name of the deployed WebSocket API, and no other upgrade', async () => {
    const asked: { url: string | undefined; host: string | undefined }[] = [];
    gateway.once('upgrade', ({ url, headers }, socket) => {
      asked.push({ url, host: headers.host });
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
    });
    const address = base().replace('http', 'ws');
    const refused = (path: string) =>
      new Promise((resolve) => {
        new WebSocket(address + path).addEventListener('close', resolve);
      });
    await refused('/live?ticket=abc');
    await refused('/api/v2/live?ticket=abc');
    expect(asked).toEqual([
      {
        url: '/live?ticket=abc',
        host: expect.stringMatching(/^live5678\.execute-api\.localhost:\d+$/) as string,
      },
    ]);
  });
});

describe('the web origin', () => {
  it.each(edgeAnswers(['<uploads>', 'ws://localhost:3001']))(
    'answers $path as CloudFront does',
    async (expected) => {
      const answer = await fetch(web + expected.path, { headers: { 'accept-encoding': 'gzip, br' } });
      // The stand-in of the gateway answers 201.
      expect(answer.status).toBe(expected.path.startsWith('/api/') ? 201 : expected.status);
      const headers = Object.fromEntries(
        Object.entries(expected.headers).map(([name, value]) => [
          name,
          value.replace('<uploads>', awsEndpoint),
        ]),
      );
      expect(Object.fromEntries(answer.headers)).toMatchObject(headers);
      expect(answer.headers.get('content-encoding')).toBe(expected.compressed ? 'br' : null);
      if (expected.file !== undefined) expect(await answer.text()).toBe(SPA_FILES[expected.file]);
    },
  );

  it('allows no inline style or script, and no other origins', async () => {
    const csp = (await fetch(web)).headers.get('content-security-policy') ?? '';
    expect(csp).toContain("default-src 'self'");
    expect(csp).not.toMatch(/unsafe|https:|\*/);
  });
});

describe('the API address', () => {
  it('shows the API reference, whose viewer is served locally and makes no external requests', async () => {
    const page = await fetch(`${api}/docs`);
    const scripts = [...(await page.text()).matchAll(/<script src="([^"]+)"/g)].map(([, src]) => src);
    expect(scripts).toEqual(['/docs/swagger-ui-bundle.js', '/docs/start.js']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css'])
      expect((await fetch(`${api}/docs/${file}`)).status).toBe(200);
    const start = await (await fetch(`${api}/docs/start.js`)).text();
    expect(start).toContain('"validatorUrl":null');
    expect(start).toContain('/api/v2/openapi.json');
    const root = await fetch(`${api}/`, { redirect: 'manual' });
    expect(root.headers.get('location')).toBe('/docs');
  });

  it('answers 502 as a problem if the platform does not respond', async () => {
    const port = await freePort();
    const [webPort, apiPort] = [await freePort(), await freePort()];
    const lonely = await startEdge({ webPort, apiPort });
    lonely.open({
      root: '.',
      spa,
      outbox: join(spa, 'outbox'),
      awsEndpoint: `http://127.0.0.1:${port}`,
      apiId: 'abcd1234',
      liveApiId: 'live5678',
      liveOrigin: 'ws://localhost:3001',
    });
    const answer = await fetch(`http://127.0.0.1:${apiPort}/api/v2/health`);
    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    await lonely.close();
  });
});

describe('during the start of the platform', () => {
  it('the ports are open, and every request gets 503 with Retry-After', async () => {
    const [webPort, apiPort] = [await freePort(), await freePort()];
    const early = await startEdge({ webPort, apiPort });
    for (const port of [webPort, apiPort])
      for (const path of ['/', '/api/v2/health', '/docs']) {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`);
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
        expect(await answer.json()).toMatchObject({ status: 503, detail: 'The platform is starting.' });
      }
    await expect(startEdge({ webPort, apiPort })).rejects.toThrow('EADDRINUSE');
    await early.close();
    await (await startEdge({ webPort, apiPort })).close();
  });
});
