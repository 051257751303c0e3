import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScriptError } from './command-line.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Artifact {
  readonly bytes: Buffer;
  readonly sha256: string;
}

/** Runs `dukemm` with its output on ours. @throws ScriptError */
async function dukemm(...args: readonly string[]): Promise<void> {
  const python = process.env['DUKENET_PYTHON'] ?? join(root, '.venv', 'bin', 'python');
  const child = spawn(python, ['-m', 'dukemm', ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PYTHONPATH: join(root, 'model') },
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => {
      reject(
        new ScriptError(`${python} cannot be run: ${error.message}. Set DUKENET_PYTHON.`, { cause: error }),
      );
    });
    child.once('exit', resolve);
  });
  if (code !== 0) throw new ScriptError(`dukemm ${args[0]} failed with exit code ${code}.`);
}

/** Version 1 of the model, made from the encoders alone. */
export async function firstVersion(): Promise<Artifact> {
  const folder = await mkdtemp(join(tmpdir(), 'dukemm-'));
  try {
    await dukemm('init', '--output', folder);
    const bytes = await readFile(join(folder, 'model.tar.gz'));
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
