/** `npm run client:build`: builds the packages of the clients into `client/<language>/dist`; nothing is published. */
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

/** A wheel; the build runs with the setuptools of .venv, so nothing is downloaded. */
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
