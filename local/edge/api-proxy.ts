import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createProxyServer } from 'http-proxy-3';

export interface ApiTarget {
  /** MiniStack's address. */
  readonly awsEndpoint: string;
  /** The deployed HTTP API. */
  readonly apiId: string;
  /** The deployed WebSocket API. */
  readonly liveApiId: string;
}

/** Path of the WebSocket, and the stage of its API. */
export const LIVE_PATH = '/live';

/**
 * Forwards requests to the deployed HTTP API unchanged: the host name selects the API, bodies are streamed, and
 * several `Set-Cookie` headers stay separate.
 */
export function apiProxy({ awsEndpoint, apiId }: ApiTarget): RequestListener {
  const { port } = new URL(awsEndpoint);
  const proxy = createProxyServer<typeof IncomingMessage, typeof ServerResponse>({
    target: awsEndpoint,
    headers: { host: `${apiId}.execute-api.localhost:${port}` },
    // API Gateway ends requests after 30 s itself; this timeout is for an emulator that hangs.
    proxyTimeout: 35_000,
  });
  proxy.on('error', (error, _request, response) => {
    if (!('writeHead' in response) || response.headersSent) {
      response.destroy();
      return;
    }
    const problem = { type: 'about:blank', title: 'Bad Gateway', status: 502, detail: error.message };
    response.writeHead(502, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
  });
  return (request, response) => {
    proxy.web(request, response);
  };
}

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Forwards WebSocket connections at `/live` to the deployed WebSocket API; refuses any other upgrade. */
export function liveProxy({ awsEndpoint, liveApiId }: Omit<ApiTarget, 'apiId'>): UpgradeListener {
  const { port } = new URL(awsEndpoint);
  const proxy = createProxyServer<typeof IncomingMessage, typeof ServerResponse>({
    target: awsEndpoint.replace(/^http/, 'ws'),
    headers: { host: `${liveApiId}.execute-api.localhost:${port}` },
    ws: true,
  });
  proxy.on('error', (_error, _request, response) => {
    response.destroy();
  });
  return (request, socket, head) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== LIVE_PATH) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    proxy.ws(request, socket, head);
  };
}
