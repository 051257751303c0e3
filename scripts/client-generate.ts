/** `npm run client:generate`: generates the parts of the clients that follow from the OpenAPI document. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { clientFiles } from './clients/generate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
for (const [path, content] of Object.entries(await clientFiles())) writeFileSync(`${root}${path}`, content);
