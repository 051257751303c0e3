import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a module of the Python environment. Not its command in `bin`, which breaks when the environment is moved.
 * @returns standard output, and the warnings
 * @throws Error with standard error if the module fails
 */
export function runPythonModule(
  module: string,
  args: readonly string[],
  input: string,
): { output: string; warnings: string[] } {
  const { status, stdout, stderr, error } = spawnSync(`${root}.venv/bin/python`, ['-m', module, ...args], {
    cwd: root,
    env: { ...process.env, PYTHONWARNINGS: 'always' },
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${module} did not run: ${stderr}`, { cause: error });
  return { output: stdout, warnings: stderr.split('\n').filter((line) => line.includes('UserWarning')) };
}
