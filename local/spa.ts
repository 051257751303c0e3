import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine, type Places } from './environment.ts';
import { fingerprint, readJson } from './fingerprint.ts';
import { runLogged } from './process.ts';

const SOURCES = [
  'web/src',
  'web/public',
  'web/index.html',
  'web/vite.config.ts',
  'contracts',
  'package-lock.json',
];

export const spaFolder = (root: string): string => join(root, 'web', 'dist');

/** Builds the SPA if its sources have changed since the last build. */
export async function buildSpa(
  places: Places,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const stamp = join(spaFolder(places.root), '.built.json');
  const now = (): string => fingerprint(places.root, SOURCES);
  if (readJson(stamp) === now()) {
    say('The web application is built already');
    return;
  }
  say('Building the web application');
  await runLogged(
    'Building the web application',
    {
      file: join(places.root, 'node_modules', '.bin', 'vite'),
      args: ['build', 'web'],
      cwd: places.root,
      env: machine(places),
      log: join(places.logs, 'web-build.log'),
    },
    signal,
  );
  // After the build, which may write generated sources.
  writeFileSync(stamp, JSON.stringify(now()));
}
