/**
 * Takes the tables of published packages (manifest.json) through upload, task and output, and compares every byte outside
 * the target. `npm run real-files`, or `-- --only vega` for packages with that in their name. Packages are downloaded once.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { x } from 'tar';
import { fillRealFile } from '../../unit/support/real-file.ts';
import { realPackages } from './manifest.ts';
import type { RealPackage } from './manifest.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PYTHON = join(ROOT, '.venv/bin/python');
const CACHE = join(ROOT, '.local/real-files');

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const packages = realPackages().filter((given) => given.package.includes(values.only));
const failures: string[] = [];
let [passed, refused, rows, filled] = [0, 0, 0, 0];

for (const given of packages) {
  const folder = await unpacked(given);
  for (const file of given.files) {
    const name = `${given.package} ${file.path}`;
    try {
      const bytes = readFileSync(join(folder, file.path));
      if (createHash('sha256').update(bytes).digest('hex') !== file.sha256)
        throw new Error('the file is not the one of the manifest');
      const done = await fillRealFile(file, bytes);
      if (file.refused) throw new Error('the file was taken, and should have been refused');
      passed += 1;
      rows += done.rows;
      filled += done.filled;
      console.log(`passed   ${name}: ${done.rows} rows, ${done.filled} filled`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason === file.refused) {
        refused += 1;
        console.log(`refused  ${name}: as it should be: ${reason}`);
      } else failures.push(`${name}: ${reason}`);
    }
  }
}

const makers = new Set(packages.map(({ maker }) => maker)).size;
for (const failure of failures) console.log(`FAILED   ${failure}`);
console.log(
  `${passed + refused + failures.length} files of ${makers} makers: ${passed} filled, ${refused} refused as they should be, ` +
    `${failures.length} failed; ${rows} rows inspected, ${filled} cells filled`,
);
process.exitCode = failures.length > 0 ? 1 : 0;

/** The folder of the package's files; downloaded where one is missing. */
async function unpacked(given: RealPackage): Promise<string> {
  const { registry, package: name, version, files } = given;
  const folder = join(CACHE, registry, `${name.replaceAll('/', '-')}-${version}`);
  if (files.every(({ path }) => existsSync(join(folder, path)))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const options = { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] };
  if (registry === 'npm') {
    execFileSync('npm', ['pack', '--silent', `${name}@${version}`], options);
    await x({ file: join(folder, only(folder, '*.tgz')), cwd: folder });
  } else {
    const what = ['-qq', '--no-deps', '--only-binary=:all:', `${name}==${version}`];
    execFileSync(PYTHON, ['-m', 'pip', 'download', ...what], options);
    execFileSync(PYTHON, ['-m', 'zipfile', '-e', only(folder, '*.whl'), '.'], options);
  }
  return folder;
}

function only(folder: string, pattern: string): string {
  const [found] = globSync(pattern, { cwd: folder });
  if (found === undefined) throw new Error(`nothing like ${pattern} was downloaded to ${folder}`);
  return found;
}
