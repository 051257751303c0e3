import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { KIND_OF_MEDIA_TYPE } from '../../../contracts/rules/file-kinds.ts';
import type { MediaType } from '../../../contracts/rules/file-kinds.ts';
import { objects } from '../../../contracts/naming.ts';
import { inspectFile } from '../../../lambdas/files/inspect-file.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { fileStore } from '../../../lambdas/shared/stores/file-store.ts';
import { inspectors } from '../support/inspectors.ts';
import { memoryBucket } from '../support/memory-bucket.ts';
import { memoryTable } from '../support/memory-table.ts';

type ContentType = MediaType;
const owner = newId();

let table: ReturnType<typeof memoryTable>;
let files: ReturnType<typeof fileStore>;
let bucket: ReturnType<typeof memoryBucket>;
const clock = () => new Date('2026-03-01T12:00:00.000Z');
const deps = () => ({ files, bucket, clock, inspectors });

beforeEach(() => {
  table = memoryTable();
  files = fileStore(table);
  bucket = memoryBucket();
});

async function announce(content_type: ContentType, size_bytes: number): Promise<string> {
  const id = newId();
  const at = clock().toISOString();
  await files.create({
    id,
    owner_id: owner,
    filename: 'file',
    content_type,
    file_type: KIND_OF_MEDIA_TYPE[content_type],
    size_bytes,
    created_at: at,
    updated_at: at,
    status: 'pending',
  });
  return id;
}

async function upload(content_type: ContentType, content: string | Buffer): Promise<string> {
  const bytes = Buffer.from(content as string);
  const id = await announce(content_type, bytes.length);
  bucket.objects.set(objects.upload('text', id), bytes);
  return id;
}

async function inspect(content_type: ContentType, content: string | Buffer) {
  const id = await upload(content_type, content);
  const outcome = await inspectFile(deps(), objects.upload('text', id));
  const file = await files.get(id);
  return { id, outcome, file };
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('a valid file', () => {
  test('of CSV has its columns', async () => {
    const csv = 'id,text,price,ok,day,note\n007,"a, b",1.5,true,2026-01-01,\n008,c,2,false,2026-01-02, \n';
    const { id, outcome, file } = await inspect('text/csv', csv);
    const sha256 = createHash('sha256').update(csv).digest('hex');
    expect(outcome).toBe('ready');
    expect(file).toMatchObject({
      status: 'ready',
      metadata: {
        file_type: 'csv',
        encoding: 'utf-8',
        sha256,
        rows: 2,
        delimiter: ',',
        columns: [
          { name: 'id', type: 'text', filled: 2, values: ['007', '008'] },
          { name: 'text', type: 'text', filled: 2, values: ['a, b', 'c'] },
          { name: 'price', type: 'number', filled: 2, values: ['1.5', '2'] },
          { name: 'ok', type: 'boolean', filled: 2, values: ['false', 'true'] },
          { name: 'day', type: 'date', filled: 2, values: ['2026-01-01', '2026-01-02'] },
          { name: 'note', type: 'empty', filled: 0, values: [] },
        ],
      },
    });
    expect([...bucket.objects.keys()]).toEqual([objects.ready(id, sha256)]);
  });

  test.each([
    ['semicolons and Latin-1', Buffer.from('Stadt;Größe\nKöln;1\n', 'latin1'), 'windows-1252', ';'],
    ['UTF-8 with a mark', '\uFEFFa\tb\nx\ty\n', 'utf-8', '\t'],
    ['UTF-16', Buffer.from('\uFEFFa|b\nä|y\n', 'utf16le'), 'utf-16le', '|'],
    ['UTF-16 the other way round', Buffer.from('\uFEFFa,b\nä,y\n', 'utf16le').swap16(), 'utf-16be', ','],
    [
      'Cyrillic',
      Buffer.concat([
        Buffer.from('text\n'),
        Buffer.from('cff0e8e2e5f22c20ece8f02c20eae0ea20e4e5ebe00a'.repeat(6).replaceAll('2c', '20'), 'hex'),
      ]),
      'windows-1251',
      ',',
    ],
    ['a header that begins like a bitmap', 'BMI,age\n20.5,33\n', 'utf-8', ','],
    ['one column with a comma in quotes', 'text\n"a, b"\n', 'utf-8', ','],
  ])('%s', async (_, content, encoding, delimiter) => {
    const { file } = await inspect('text/csv', content);
    expect(file).toMatchObject({ status: 'ready', metadata: { encoding, delimiter } });
  });

  test('of JSON may have rows with different keys', async () => {
    const { file } = await inspect('application/json', '[{"a": 1, "b": "x"}, {"a": 2.5, "c": {"d": [1]}}]');
    expect(file).toMatchObject({
      metadata: {
        file_type: 'json',
        rows: 2,
        columns: [
          { name: 'a', type: 'number', filled: 2, values: ['1', '2.5'] },
          { name: 'b', type: 'text', filled: 1, values: ['x'] },
          { name: 'c', type: 'text', filled: 1, values: ['{"d":[1]}'] },
        ],
      },
    });
  });

  test('of text is ready', async () => {
    const { file } = await inspect('text/plain', 'Grüße 😀\nzweite Zeile\n\nvierte');
    expect(file).toMatchObject({ metadata: { file_type: 'text', characters: 28, lines: 4 } });
  });

  test('keeps values while they are few, short, and fit the record', async () => {
    const rows = Array.from({ length: 201 }, (_, i) => `${i},${i % 200},${'x'.repeat(i === 7 ? 81 : 80)}`);
    const { file } = await inspect('text/csv', `all,most,long\n${rows.join('\n')}\n`);
    expect(file).toMatchObject({ status: 'ready' });
    const columns =
      file?.status === 'ready' && file.metadata.file_type === 'csv' ? file.metadata.columns : [];
    expect(columns.map(({ values }) => values?.length)).toEqual([undefined, 200, undefined]);

    const wide = (cell: (row: number, column: number) => string) =>
      Array.from({ length: 20 }, (_, row) => Array.from({ length: 500 }, (_, c) => cell(row, c)).join(','));
    const header = Array.from({ length: 500 }, (_, c) => `column ${c}`).join(',');
    const text = wide((row, c) => (c === 499 ? `l${row % 3}` : `${row}-${c}`.padEnd(60, '·')));
    const big = await inspect('text/csv', `${header}\n${text.join('\n')}\n`);
    expect(JSON.stringify(big.file).length).toBeLessThan(150_000);
    const last =
      big.file?.status === 'ready' && 'columns' in big.file.metadata && big.file.metadata.columns[499];
    expect(last).toMatchObject({ values: ['l0', 'l1', 'l2'] });
  });
});

describe('rejects, with a sentence for its buyer', () => {
  const html = '<!DOCTYPE html><html><body><script>alert(1)</script></body></html>';
  test.each<[string, ContentType, string | Buffer, string | RegExp]>([
    ['a PNG named CSV', 'text/csv', PNG, 'The file is a PNG picture, not CSV.'],
    ['a gzip', 'application/json', gzipSync('[{"a": 1}]'), 'The file is a gzip archive, not JSON.'],
    ['a PDF', 'text/plain', '%PDF-1.7\n1 0 obj\n', 'The file is a PDF document, not text.'],
    ['unnamed bytes', 'text/csv', Buffer.from([1, 0, 2, 0, 3, 9, 9]), 'The file is binary data, not text.'],
    [
      'unnamed bytes without zeros',
      'text/plain',
      Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 255 || 1)),
      'The file is binary data, not text.',
    ],
    ['HTML as text', 'text/plain', html, 'The file is an HTML page, not text.'],
    ['HTML as CSV, after space', 'text/csv', `\uFEFF \n${html}`, 'The file is an HTML page, not CSV.'],
    ['HTML in UTF-16', 'text/plain', Buffer.from(`\uFEFF${html}`, 'utf16le'), /HTML page/],
    ['SVG as JSON', 'application/json', '<svg onload="x()">', 'The file is an SVG picture, not JSON.'],
    ['XML', 'text/csv', '<?xml version="1.0"?><svg/>', 'The file is an XML document, not CSV.'],
    ['a script', 'text/plain', '#!/bin/sh\nrm -rf /\n', 'The file is a script, not text.'],
    ['JSON as CSV', 'text/csv', '[{"a": 1}]', 'The file is JSON, not CSV.'],
    ['CSV as JSON', 'application/json', 'a,b\n1,2\n', 'The JSON must be a list of rows, or one object.'],
    ['an empty CSV', 'text/csv', '\n\n', 'The file is empty.'],
    ['a CSV without rows', 'text/csv', 'a,b\n', 'The file has a header row, and no rows below it.'],
    ['a CSV without a header', 'text/csv', '1,2\n3,4\n', /^The first row must name the columns/],
    ['an open quote', 'text/csv', 'a,b\n1,"2\n', 'Row 1 cannot be read: a quote is opened and never closed.'],
    ['an empty list', 'application/json', '[]', 'The list has no rows.'],
    ['rows without fields', 'application/json', '[{}, {}]', 'The rows have no fields.'],
    ['half a word', 'application/json', '[{"a": nul}]', /^Row 1 is not valid JSON/],
    ['a key twice', 'application/json', '{"a": 1, "a": 2}', 'Row 1 has the same key twice.'],
    ['depth', 'application/json', '[[[['.repeat(1000), 'The JSON is nested deeper than 64 levels.'],
    ['__proto__', 'application/json', '[{"__proto__": 1}]', 'A column may not be named "__proto__".'],
    [
      'too many keys',
      'application/json',
      JSON.stringify(Array.from({ length: 501 }, (_, i) => ({ [`k${i}`]: 1 }))),
      'There are 501 columns; at most 500 can be used.',
    ],
    ['a blank text', 'text/plain', ' \n\t', 'The file is empty.'],
    ['half a UTF-16', 'text/plain', Buffer.from('\uFEFFabc', 'utf16le').subarray(0, 7), /not valid utf-16le/],
    ['UTF-32', 'text/plain', Buffer.from('fffe000061000000', 'hex'), 'The file is binary data, not text.'],
  ])('%s', async (_, type, content, reason) => {
    const { id, outcome, file } = await inspect(type, content);
    expect(outcome).toBe('rejected');
    expect(file).toMatchObject({
      status: 'rejected',
      rejected_reason: typeof reason === 'string' ? reason : (expect.stringMatching(reason) as string),
    });
    expect([...bucket.objects.keys()]).toEqual([objects.quarantine(id)]);
  });

  test('a file of another size than announced', async () => {
    const id = await announce('text/csv', 10);
    bucket.objects.set(objects.upload('text', id), Buffer.from('a,b\n1,2\n'));
    await inspectFile(deps(), objects.upload('text', id));
    expect(await files.get(id)).toMatchObject({
      rejected_reason: 'The file has 8 bytes, but 10 were announced.',
    });
  });

  test('a file that takes too long', async () => {
    let calls = 0;
    const id = await upload('text/csv', 'a\n1\n');
    await inspectFile(
      { files, bucket, inspectors, clock: () => new Date(Date.UTC(2026, 2, 1) + 91_000 * calls++) },
      objects.upload('text', id),
    );
    expect(await files.get(id)).toMatchObject({ rejected_reason: 'The file takes too long to read.' });
  });
});

describe('repeated, late and unknown events', () => {
  test('a second event changes nothing', async () => {
    const { id, file } = await inspect('text/csv', 'a\nx\n');
    const before = [...bucket.objects.keys()];
    expect(await inspectFile(deps(), objects.upload('text', id))).toBe('ignored');
    expect(await files.get(id)).toEqual(file);
    expect([...bucket.objects.keys()]).toEqual(before);
  });

  test('using a form again changes neither record nor bytes', async () => {
    const { id, file } = await inspect('text/csv', 'a\nx\n');
    bucket.objects.set(objects.upload('text', id), Buffer.from('a\ny\n'));
    expect(await inspectFile(deps(), objects.upload('text', id))).toBe('ignored');
    expect(await files.get(id)).toEqual(file);
    expect([...bucket.objects.values()].map(String)).toEqual(['a\nx\n']);
  });

  test('record and bytes stay consistent for two concurrent deliveries with a form used between them', async () => {
    for (let turn = 0; turn < 30; turn++) {
      const id = await upload('text/csv', 'a\nx\n');
      const key = objects.upload('text', id);
      const first = inspectFile(deps(), key);
      for (let i = 0; i < turn; i++) await Promise.resolve();
      if (bucket.objects.has(key)) bucket.objects.set(key, Buffer.from('a\ny\n'));
      await Promise.all([first, inspectFile(deps(), key), inspectFile(deps(), key)]);
      const file = await files.get(id);
      if (file?.status !== 'ready') throw new Error(`turn ${turn} ended ${file?.status}`);
      const bytes = bucket.objects.get(objects.ready(id, file.metadata.sha256));
      expect(createHash('sha256').update(bytes!).digest('hex')).toBe(file.metadata.sha256);
      bucket.objects.clear();
    }
  });

  test('removes an upload whose record was deleted', async () => {
    const key = objects.upload('text', newId());
    bucket.objects.set(key, Buffer.from('a\nx\n'));
    expect(await inspectFile(deps(), key)).toBe('ignored');
    expect(bucket.objects.size).toBe(0);
  });

  test('leaves no bytes if the record is deleted during the inspection', async () => {
    const id = await upload('text/csv', 'a\nx\n');
    const file = (await files.get(id))!;
    const deleting = {
      ...bucket,
      copy: async (...args: Parameters<typeof bucket.copy>) => {
        await bucket.copy(...args);
        await files.remove(file);
      },
    };
    expect(await inspectFile({ ...deps(), bucket: deleting }, objects.upload('text', id))).toBe('ignored');
    expect(bucket.objects.size).toBe(0);
  });

  test('ignores keys that are not uploads', async () => {
    bucket.objects.set('uploads/../x', Buffer.from('x'));
    expect(await inspectFile(deps(), 'uploads/../x')).toBe('ignored');
    expect(bucket.objects.size).toBe(1);
  });

  test('completes after a crash at any step with the next delivery', async () => {
    for (const step of ['open', 'copy', 'remove'] as const) {
      const id = await upload('text/csv', 'a\nx\n');
      const key = objects.upload('text', id);
      const crashing = { ...bucket, [step]: async () => Promise.reject(new Error('crash')) };
      await expect(inspectFile({ ...deps(), bucket: crashing }, key)).rejects.toThrow('crash');
      await inspectFile(deps(), key);
      const file = await files.get(id);
      if (file?.status !== 'ready') throw new Error(`ended ${file?.status} after ${step}`);
      expect([...bucket.objects.keys()]).toEqual([objects.ready(id, file.metadata.sha256)]);
      bucket.objects.clear();
    }
  });
});
