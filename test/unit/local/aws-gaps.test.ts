import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const gaps = readFileSync(join(root, 'docs', 'aws-gaps.md'), 'utf8');

describe('docs/aws-gaps.md', () => {
  const files = [
    ...new Set(
      [...gaps.matchAll(/`((?:test|lib|lambdas|local)\/[\w./-]+\.(?:ts|py))`/g)].map(([, file]) => file),
    ),
  ];

  it.each(files)('names the file %s, which exists', (file) => {
    expect(existsSync(join(root, file ?? ''))).toBe(true);
  });

  const titles = [...gaps.matchAll(/`(test\/[\w./-]+\.ts)`, "([^"]+)"/g)].map(([, file, title]) => ({
    file: file!,
    title: title!,
  }));

  it.each(titles)('names the test "$title" of $file, which exists', ({ file, title }) => {
    const quoted = `'${title}'`.replace(/^'…/, '').replace(/…'$/, '');
    expect(readFileSync(join(root, file), 'utf8')).toContain(quoted);
  });

  it('is about the version that the launcher starts', () => {
    const launcher = readFileSync(join(root, 'local', 'ministack', 'launcher.py'), 'utf8');
    const version = /EXPECTED_VERSION = "([\d.]+)"/.exec(launcher)?.[1] ?? 'none';
    expect(gaps).toContain(`MiniStack ${version}`);
    expect(readFileSync(join(root, 'model', 'requirements-dev.txt'), 'utf8')).toContain(
      `ministack==${version}`,
    );
  });
});
