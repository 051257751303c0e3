import type { RequestListener } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { docsHeaders } from './headers.ts';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>DukeNET API</title>
  </head>
  <body>
    <div id="app"></div>
    <script src="/docs/scalar.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

// Requests go to the origin that the page came from; nothing is loaded from, or told to, anybody else.
const START = `Scalar.createApiReference('#app', ${JSON.stringify({
  url: '/api/v2/openapi.json',
  servers: [{ url: '/', description: 'This platform' }],
  withDefaultFonts: false,
  telemetry: false,
  showDeveloperTools: 'never',
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
  persistAuth: true,
})});
`;

/**
 * `/docs`: the API reference (Scalar, from its npm package), which reads `/api/v2/openapi.json`.
 * @param root the repository
 * @returns a listener for the paths under `/docs`, and undefined for any other
 */
export function docs(root: string): (path: string) => RequestListener | undefined {
  const bundle = join(root, 'node_modules/@scalar/api-reference/dist/browser/standalone.js');
  const files: Record<string, { type: string; body: () => Promise<string> }> = {
    '/docs': { type: 'text/html; charset=utf-8', body: () => Promise.resolve(PAGE) },
    '/docs/start.js': { type: 'text/javascript; charset=utf-8', body: () => Promise.resolve(START) },
    '/docs/scalar.js': { type: 'text/javascript; charset=utf-8', body: () => readFile(bundle, 'utf8') },
  };
  return (path) => {
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    if (!file) return undefined;
    return (_request, response) => {
      file.body().then(
        (body) => response.writeHead(200, { 'content-type': file.type, ...docsHeaders() }).end(body),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    };
  };
}
