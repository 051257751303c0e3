/** `npm run client:build`: builds the client packages into `client/<language>/dist`; publishes nothing. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

function buildTypeScript(folder: string): void {
  rmSync(`${folder}/dist`, { recursive: true, force: true });
  execFileSync(`${root}/node_modules/.bin/tsc`, ['-p', 'tsconfig.build.json'], {
    cwd: folder,
    stdio: 'inherit',
  });
  copyFileSync(`${folder}/src/schema.gen.d.ts`, `${folder}/dist/schema.gen.d.ts`); // tsc emits nothing for a declaration
  execFileSync('npm', ['pack', '--silent', '--pack-destination', 'dist'], { cwd: folder, stdio: 'inherit' });
}

/** Builds the wheel with the setuptools of .venv, so nothing is downloaded. */
function buildPython(folder: string): void {
  for (const made of ['dist', 'build']) rmSync(`${folder}/${made}`, { recursive: true, force: true });
  const options = ['--no-deps', '--no-build-isolation', '--quiet', '--wheel-dir', 'dist', '.'];
  execFileSync(`${root}/.venv/bin/python`, ['-m', 'pip', 'wheel', ...options], {
    cwd: folder,
    stdio: 'inherit',
  });
}

buildTypeScript(`${root}/client/typescript`);
buildPython(`${root}/client/python`);
