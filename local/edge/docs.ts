import type { RequestListener } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { docsHeaders } from '../../lib/edge/headers.ts';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>DukeNET API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="app"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

// "Try it out" requests go to the origin of the page. `validatorUrl: null`: by default Swagger UI sends the address
// of the document to an online validator.
const START = `SwaggerUIBundle(${JSON.stringify({
  dom_id: '#app',
  url: '/api/v2/openapi.json',
  validatorUrl: null,
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
})});
`;

const SWAGGER_UI = 'node_modules/swagger-ui-dist';

/**
 * `/docs`: the API reference (Swagger UI, from its npm package), which reads `/api/v2/openapi.json`.
 * @param root the repository
 * @returns a listener for the paths under `/docs`, and undefined for any other
 */
export function docs(root: string): (path: string) => RequestListener | undefined {
  const viewer = (name: string) => readFile(join(root, SWAGGER_UI, name), 'utf8');
  const files: Record<string, { type: string; body: () => Promise<string> }> = {
    '/docs': { type: 'text/html; charset=utf-8', body: () => Promise.resolve(PAGE) },
    '/docs/start.js': { type: 'text/javascript; charset=utf-8', body: () => Promise.resolve(START) },
    '/docs/swagger-ui-bundle.js': {
      type: 'text/javascript; charset=utf-8',
      body: () => viewer('swagger-ui-bundle.js'),
    },
    '/docs/swagger-ui.css': { type: 'text/css; charset=utf-8', body: () => viewer('swagger-ui.css') },
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
