import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, inject, test } from 'vitest';
import { clientProgram } from '../../../scripts/clients/environment.ts';
import { blocksOf, codeOf } from './code-blocks.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const docs = readFileSync(join(root, 'docs/api.md'), 'utf8');
/** Inside the repository, so that `openapi-fetch` is found; emptied before each run. */
const folder = join(root, '.local', 'walkthrough');
const execute = promisify(execFile);

/** Runs a program in the folder as a reader of the page would, with the address of this platform. */
async function run(program: string, ...args: string[]): Promise<string> {
  const path = [dirname(clientProgram('st')), join(root, 'node_modules/.bin'), process.env['PATH']].join(':');
  const env = { ...process.env, DUKENET: inject('platform').apiUrl, PATH: path };
  const { stdout } = await execute(program, args, { cwd: folder, env, timeout: 300_000 });
  return stdout;
}
const shell = (code: string): Promise<string> => run('bash', '-c', `set -euo pipefail\n${code}`);

/** Imports every module of a Python package, where a wrong name stops it. @returns how many there are */
const IMPORT_ALL = `
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
names = [module.name for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
for name in names: importlib.import_module(name)
print(len(names))
`;

/** Deposit, two sides of the hold, and the release: what every ledger of the page ends with. */
const LEDGER = /release.*-\d+[\s\S]*hold[\s\S]*hold[\s\S]*deposit.*5000000/;

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
});

test('docs/api.md, curl: the commands run from registration to the ledger', async () => {
  const printed = await shell(codeOf(blocksOf(docs, 'curl'), 'sh'));
  expect(printed).toMatch(/"prediction":"(?:praise|complaint)","confidence":0\.\d+/);
  expect(printed).toMatch(
    /What a lovely evening,(?:praise|complaint)\nThe fish was off and nobody cared,\w+/,
  );
  expect(printed).toContain('"verdict": "accepted"');
  expect(printed).toMatch(LEDGER);
});

test('docs/api.md, TypeScript: generates types, compiles the program against them, and runs it', async () => {
  const blocks = blocksOf(docs, 'TypeScript');
  await shell(codeOf(blocks, 'sh'));
  await writeFile(join(folder, 'walkthrough.ts'), codeOf(blocks, 'ts'));
  const strict = ['--strict', '--noUncheckedIndexedAccess', '--skipLibCheck', '--noEmit'];
  const modern = ['--module', 'esnext', '--moduleResolution', 'bundler', '--target', 'es2024'];
  const libraries = [
    '--types',
    'node',
    '--lib',
    'es2024,dom',
    '--allowImportingTsExtensions',
    '--ignoreConfig',
  ];
  await run('tsc', ...strict, ...modern, ...libraries, 'walkthrough.ts');
  const printed = await run(process.execPath, 'walkthrough.ts');
  expect(printed).toMatch(/^review-1 (?:praise|complaint) 0\.\d+\nreview-2 (?:praise|complaint) 0\.\d+\n/);
  expect(printed).toMatch(LEDGER);
});

test('docs/api.md, Python: generates a client whose modules all import, and completes a task with it', async () => {
  const blocks = blocksOf(docs, 'Python');
  const generated = await shell(`${codeOf(blocks, 'sh')} 2>&1`);
  expect(generated).not.toMatch(/warning|error/i);
  expect(Number(await run(clientProgram('python'), '-c', IMPORT_ALL, 'dukenet'))).toBeGreaterThan(150);
  await writeFile(join(folder, 'walkthrough.py'), codeOf(blocks, 'python'));
  const printed = await run(clientProgram('python'), 'walkthrough.py');
  expect(printed).toMatch(/:7 (?:praise|complaint) 0\.\d+\n.*:8 (?:praise|complaint) 0\.\d+\n/);
  expect(printed).toContain('What a lovely evening,');
  expect(printed).toMatch(LEDGER);
});
