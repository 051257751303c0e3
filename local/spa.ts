import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { COMPRESSED_EXTENSIONS, COMPRESSED_FROM_BYTES } from '../lib/edge/headers.ts';
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
  compressFiles(spaFolder(places.root));
  // After the build, which may write generated sources.
  writeFileSync(stamp, JSON.stringify(now()));
}

/** Writes `<file>.br` and `<file>.gz` beside the files that CloudFront would compress; the local edge serves them. */
export function compressFiles(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !(COMPRESSED_EXTENSIONS as readonly string[]).includes(extname(file))) continue;
    const content = readFileSync(file);
    if (content.length < COMPRESSED_FROM_BYTES) continue;
    // CloudFront compresses at request time, and so with less effort than the maximum.
    const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
    writeFileSync(`${file}.gz`, gzipSync(content));
  }
}
