/** `npm run contracts:generate`: generates the files in model/dukemm/contract from the zod schemas. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './model-contract/files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
for (const [path, content] of Object.entries(generatedFiles())) writeFileSync(`${root}${path}`, content);
