import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { assertDoable } from '../../../lambdas/tasks/doable.ts';
import { measureTask } from '../../../lambdas/tasks/measure.ts';
import { expanded, rows } from '../support/expanded-task.ts';
import type { Overrides } from '../support/expanded-task.ts';
import { taskBody } from '../support/marketplace.ts';
import { memoryObjects } from '../support/memory-objects.ts';
import { inspected } from '../support/table-flow.ts';

describe('files named in cells', () => {
  const textFile = async (filename: string) => {
    const { file } = await inspected('text/plain', 'All is well.', filename);
    if (file.status !== 'ready') throw new Error(`the file is ${file.status}`);
    return file;
  };
  const judged = async (table: string, names: readonly string[], overrides: Overrides = {}) => {
    const { file } = await inspected('text/csv', table);
    if (file.status !== 'ready') throw new Error(`the file is ${file.status}`);
    const media = await Promise.all(names.map(textFile));
    const files = [file, ...media];
    const body = taskBody({ items: [], target: 'label', files: files.map(({ id }) => id), ...overrides });
    const measure = measureTask(body, files);
    assertDoable(body, files, measure);
    const uploads = { ...memoryObjects('files'), stream: async () => Readable.from([Buffer.from(table)]) };
    return expanded(body, measure.kind, new Map(files.map((one) => [one.id, one])), uploads);
  };

  it('are found in another normalization form, and in another case if unambiguous', async () => {
    const { items } = await judged(rows('doc,label', 'u\u0308ber.txt,', 'REPORT.TXT,'), [
      '\u00fcber.txt',
      'report.txt',
    ]);
    expect(items.map(({ media }) => media?.['doc']?.file_type)).toEqual(['text', 'text']);
    const cases = judged(rows('doc,label', 'A.TXT,'), ['A.txt', 'a.txt']);
    await expect(cases).rejects.toThrow('row 1 of table names the file "A.TXT"');
  });

  it.each([
    [
      'beside one that is',
      rows('doc,label', 'a.txt,', 'b.txt,'),
      ['a.txt'],
      'row 2 of table names the file "b.txt"',
    ],
    ['of another kind, beside one that is', rows('doc,label', 'a.txt,', 'b.pdf,'), ['a.txt'], 'row 2'],
    ['at all, where a table holds names only', rows('doc,label', 'a.txt,', 'b.txt,'), [], 'row 1'],
    [
      'where another is',
      rows('note,doc,label', 'x,b.txt,'),
      ['a.txt'],
      'row 1 of table names the file "b.txt" in "doc"',
    ],
  ])('are rejected with their row if they are not attached %s', async (_what, table, names, message) => {
    await expect(judged(table, names)).rejects.toThrow(message);
  });

  it('are rejected while rows are read, if there are more names than stored', async () => {
    const many = Array.from({ length: 240 }, (_, i) => `f${i}.txt,`);
    const names = Array.from({ length: 239 }, (_, i) => `f${i}.txt`);
    await expect(judged(rows('doc,label', ...many), names)).rejects.toThrow(
      'row 240 of table names the file "f239.txt"',
    );
  });

  it('are ordinary texts if no file can be meant', async () => {
    const sites = rows('site,size,label', 'example.com,1,', 'example.org,2,');
    expect((await judged(sites, ['a.txt'])).items.map(({ fields }) => fields['site'])).toEqual([
      'example.com',
      'example.org',
    ]);
    const sizes = rows('file,size,label', 'a.txt,1,', 'b.txt,2,');
    expect((await judged(sizes, [])).items).toHaveLength(2);
  });
});
