import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { cp, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inject } from 'vitest';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Emptied before each run. Only what the packages hold is found from here. */
const folder = join(root, '.local', 'clients');
const execute = promisify(execFile);

export type Language = 'typescript' | 'python';
const PROGRAMS: Readonly<Record<Language, string>> = {
  typescript: process.execPath,
  python: join(root, '.venv', 'bin', 'python'),
};

const builtPackage = async (language: Language, ending: string): Promise<string> => {
  const dist = join(root, 'client', language, 'dist');
  const name = (await readdir(dist)).find((file) => file.endsWith(ending));
  if (name === undefined) throw new Error(`${dist} has no ${ending}`);
  return join(dist, name);
};

/** Builds both packages and installs them into an empty folder, as a user would. */
export async function installPackages(): Promise<void> {
  await execute(process.execPath, ['scripts/clients/build.ts'], { cwd: root });
  await rm(folder, { recursive: true, force: true });
  const [node, python] = [join(folder, 'node_modules'), join(folder, 'python')];
  await mkdir(join(node, '@dukenet'), { recursive: true });
  await execute('tar', ['xzf', await builtPackage('typescript', '.tgz'), '-C', folder]);
  await cp(join(folder, 'package'), join(node, '@dukenet', 'client'), { recursive: true });
  for (const dependency of ['openapi-fetch', 'openapi-typescript-helpers'])
    await symlink(join(root, 'node_modules', dependency), join(node, dependency));
  const wheel = await builtPackage('python', '.whl');
  await execute(PROGRAMS.python, ['-m', 'pip', 'install', '-q', '--no-deps', '--target', python, wheel]);
}

/** Starts a program of a user in the folder, with the address of this platform. */
export function start(
  language: Language,
  args: readonly string[],
  apiUrl = inject('platform').apiUrl,
): ChildProcessWithoutNullStreams {
  const env = { ...process.env, DUKENET: apiUrl, PYTHONPATH: join(folder, 'python') };
  return spawn(PROGRAMS[language], args, { cwd: folder, env });
}

/** Everything that it prints, once it has ended. @throws Error with standard error if it fails */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<string> {
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (part: Buffer) => (printed[stream] += part.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`ended with ${code}: ${printed.stderr}`);
  return printed.stdout;
}

export const workFolder = folder;
