import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScriptError } from '../shared/command-line.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Path of a program of `.venv-clients`: `st` of Schemathesis, `openapi-python-client`, `python`.
 * @throws ScriptError if the environment does not exist
 */
export function clientProgram(name: 'st' | 'openapi-python-client' | 'python'): string {
  const path = join(root, '.venv-clients', 'bin', name);
  if (!existsSync(path))
    throw new ScriptError(`${path} is missing; \`npm run fuzz\` and \`npm run test:full\` make it.`);
  return path;
}
