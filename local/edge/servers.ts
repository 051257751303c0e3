import { createServer, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import sirv from 'sirv';
import { apiProxy, liveProxy, type ApiTarget, type UpgradeListener } from './api-proxy.ts';
import { docs } from './docs.ts';
import { outbox } from '../mail/outbox.ts';
import { mailRoutes } from '../mail/routes.ts';
import { EVERY_ANSWER, cacheControlOf, spaHeaders } from '../../lib/edge/headers.ts';
import { viewerFunction } from './viewer-functions.ts';

export interface EdgePorts {
  readonly webPort: number;
  readonly apiPort: number;
}

export interface EdgeOptions extends ApiTarget {
  readonly root: string;
  /** Directory of the built SPA. */
  readonly spa: string;
  /** Folder of e-mails. */
  readonly outbox: string;
  /** Origin of the WebSocket. Not that of the page if the browser was opened at `127.0.0.1` instead of `localhost`. */
  readonly liveOrigin: string;
}

export interface Edge {
  /** Forwards requests from now on; until then every request is answered with 503. */
  open(options: EdgeOptions): void;
  close(): Promise<void>;
}

const STARTING = { type: 'about:blank', title: 'Starting', status: 503, detail: 'The platform is starting.' };
const starting: RequestListener = (_request, response) => {
  response
    .writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '2' })
    .end(JSON.stringify(STARTING));
};

/**
 * What CloudFront and the public addresses are on AWS: the SPA with `/api/*` and the WebSocket on one origin, and the API with
 * `/docs` and, instead of SES, `/outbox`. Takes its ports at once, so that nobody else does while the platform is starting.
 */
export async function startEdge({ webPort, apiPort }: EdgePorts): Promise<Edge> {
  let [answerWeb, answerApi] = [starting, starting];
  let upgrade: UpgradeListener = (_request, socket) => {
    socket.destroy();
  };
  const servers: Server[] = [];
  /** `closeAllConnections` leaves WebSockets open, and `close` would wait for them. */
  const upgraded = new Set<Duplex>();
  const edge: Edge = {
    open: (options) => {
      const api = apiProxy(options);
      [answerWeb, answerApi] = [web(options, api), apiWithDocs(options, api)];
      upgrade = liveProxy(options);
    },
    close: async () => {
      for (const socket of upgraded) socket.destroy();
      await Promise.all(servers.map(close));
    },
  };
  try {
    servers.push(
      await listen(webPort, (request, response) => {
        answerWeb(request, response);
      }),
    );
    servers.push(
      await listen(apiPort, (request, response) => {
        answerApi(request, response);
      }),
    );
  } catch (error) {
    await edge.close();
    throw error;
  }
  for (const server of servers)
    server.on('upgrade', (request, socket, head) => {
      upgraded.add(socket);
      socket.once('close', () => upgraded.delete(socket));
      upgrade(request, socket, head);
    });
  return edge;
}

function web({ spa, awsEndpoint, liveOrigin }: EdgeOptions, api: RequestListener): RequestListener {
  const headers = Object.entries(spaHeaders([awsEndpoint, liveOrigin]));
  const route = viewerFunction('spa-route.js');
  // `dev` reads the folder at every request, so a rebuilt SPA is there at once.
  const files = sirv(spa, {
    dev: true,
    etag: true,
    brotli: true,
    gzip: true,
    setHeaders: (response, path) => {
      response.setHeader('cache-control', cacheControlOf(path));
    },
  });
  return (request, response) => {
    const url = request.url ?? '/';
    if (url.startsWith('/api/')) {
      for (const [name, value] of Object.entries(EVERY_ANSWER)) response.setHeader(name, value);
      api(request, response);
      return;
    }
    for (const [name, value] of headers) response.setHeader(name, value);
    const [path = '/'] = url.split('?', 1);
    const viewer = { ip: request.socket.remoteAddress ?? '127.0.0.1' };
    request.url = route({ viewer, request: { uri: path, headers: {} } }).uri;
    files(request, response, () => {
      response.writeHead(404).end();
    });
  };
}

function apiWithDocs({ root, outbox: folder }: EdgeOptions, api: RequestListener): RequestListener {
  const page = docs(root);
  const mail = mailRoutes(outbox(folder));
  return (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const trimmed = path.replace(/\/$/, '');
    const answer = page(trimmed) ?? mail(trimmed);
    if (answer) answer(request, response);
    else if (path === '/') response.writeHead(302, { location: '/docs' }).end();
    else api(request, response);
  };
}

function listen(port: number, listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
