import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundledCode } from '../../lib/shared/bundled-code.ts';

let folder: string;
beforeAll(() => {
  // Inside the repository, where esbuild finds its packages.
  mkdirSync('.local', { recursive: true });
  folder = mkdtempSync(join('.local', 'asset-hash-'));
  for (const name of ['capability', 'shared']) mkdirSync(join(folder, name));
  writeFileSync(
    join(folder, 'capability', 'it.handler.ts'),
    `import { word } from '../shared/word.ts';\nexport const handler = (): string => word;\n`,
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The key under which the code is deployed when the shared module says this word. */
function keyOf(word: string, outdir: string): unknown {
  writeFileSync(join(folder, 'shared', 'word.ts'), `export const word = '${word}';\n`);
  const stack = new Stack(new App({ outdir: join(folder, outdir) }), 'Stack');
  new LambdaFunction(stack, 'Function', {
    code: bundledCode(join(import.meta.dirname, '../..', folder, 'capability', 'it.handler.ts')),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
  });
  const [found] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  return (found as { Properties: { Code: { S3Key: string } } }).Properties.Code.S3Key;
}

test('redeploys a function if and only if a module that it imports changes', () => {
  const first = keyOf('first', 'one');
  expect(keyOf('second', 'two')).not.toBe(first);
  expect(keyOf('first', 'three')).toBe(first);
});
