import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { Kind, ModelVersion, Sha256 } from '../../contracts/entities/common.ts';
import { ScriptError } from './command-line.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Output of `dukemm init` about the version it made. */
const Made = z.object({ version: ModelVersion, sha256: Sha256, kinds: z.array(Kind).min(1) });

export interface Artifact {
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly kinds: z.infer<typeof Made>['kinds'];
}

/** Runs `dukemm` with its warnings on standard error. @returns its output @throws ScriptError */
async function dukemm(...args: readonly string[]): Promise<string> {
  const python = process.env['DUKENET_PYTHON'] ?? join(root, '.venv', 'bin', 'python');
  const child = spawn(python, ['-m', 'dukemm', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONPATH: join(root, 'model') },
  });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error) => {
      reject(
        new ScriptError(`${python} cannot be run: ${error.message}. Set DUKENET_PYTHON.`, { cause: error }),
      );
    });
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const [printed, [code]] = await Promise.race([Promise.all([text(child.stdout), ended]), failed]);
  if (code !== 0) throw new ScriptError(`dukemm ${args[0]} failed with exit code ${code}.`);
  return printed;
}

/** Makes a version of the model from the encoders alone. @throws ScriptError */
export async function makeVersion(version: string): Promise<Artifact> {
  const folder = await mkdtemp(join(tmpdir(), 'dukemm-'));
  try {
    const made = Made.parse(JSON.parse(await dukemm('init', '--version', version, '--output', folder)));
    const bytes = await readFile(join(folder, 'model.tar.gz'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== made.sha256) throw new ScriptError('The artifact is not the one that dukemm init made.');
    return { bytes, sha256, kinds: made.kinds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
