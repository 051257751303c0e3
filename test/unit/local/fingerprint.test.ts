import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFingerprint } from '../../../local/deploy.ts';
import { fingerprint } from '../../../local/fingerprint.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fingerprint-'));
  mkdirSync(join(root, 'lib', 'tasks'), { recursive: true });
  writeFileSync(join(root, 'lib', 'tasks', 'a.ts'), 'one');
  writeFileSync(join(root, 'cdk.json'), '{}');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('the fingerprint of sources', () => {
  const take = (values?: unknown) => fingerprint(root, ['lib', 'cdk.json'], values);

  it('changes with a content, a name, a new file and a value', () => {
    const before = take();
    expect(take()).toBe(before);
    expect(take({ port: 1 })).not.toBe(before);
    writeFileSync(join(root, 'lib', 'tasks', 'a.ts'), 'two');
    const edited = take();
    expect(edited).not.toBe(before);
    writeFileSync(join(root, 'lib', 'b.ts'), '');
    expect(take()).not.toBe(edited);
  });
});

describe('the fingerprint of the data stack', () => {
  const template = (properties: object) => ({
    Resources: { Files: { Type: 'AWS::S3::Bucket', Properties: properties } },
  });

  it('changes with data resources, not with the address of the web application', () => {
    const before = dataFingerprint(
      template({ BucketName: 'files', CorsConfiguration: ['http://localhost:3001'] }),
    );
    expect(
      dataFingerprint(template({ BucketName: 'files', CorsConfiguration: ['http://localhost:3011'] })),
    ).toBe(before);
    expect(
      dataFingerprint(template({ BucketName: 'other', CorsConfiguration: ['http://localhost:3001'] })),
    ).not.toBe(before);
  });
});
