import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Column } from '../../../../contracts/entities/column.ts';
import { csvTable } from '../../../../lambdas/shared/tables/csv-records.ts';
import { readRows } from '../../../../lambdas/shared/tables/read-rows.ts';
import type { TableMetadata } from '../../../../contracts/entities/file-metadata.ts';
import { Unreadable } from '../../../../lambdas/shared/tables/unreadable.ts';
import { writeCsv } from '../../../../lambdas/shared/tables/write-csv.ts';

const inspected = { sha256: '0'.repeat(64), rows: 0, encoding: 'utf-8' };
const column = (name: string, type: Column['type'] = 'text'): Column => ({ name, type, filled: 0 });
const csv = (columns: Column[], delimiter = ','): Extract<TableMetadata, { file_type: 'csv' }> => ({
  file_type: 'csv',
  ...inspected,
  columns,
  delimiter,
});
const json = (...columns: Column[]): TableMetadata => ({ file_type: 'json', ...inspected, columns });

/** In pieces of `size` bytes, so that every boundary is met. */
async function* pieces(text: string | Buffer, size = 3): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

const cellsOf = async (
  metadata: Extract<TableMetadata, { file_type: 'csv' }>,
  bytes: AsyncIterable<Uint8Array>,
) => {
  const { rows } = await csvTable(bytes, metadata);
  return (await collect(rows)).map((row) => row.cells);
};

describe('CSV', () => {
  test('converts by column and blank to null, and leaves text unchanged', async () => {
    const text = '\uFEFFid,n,ok,note\n007,1.5,true," a ""b"",\nc "\n008, ,FALSE,\n\n';
    const metadata = csv([column('id'), column('n', 'number'), column('ok', 'boolean'), column('note')]);
    expect(await collect(readRows(metadata, pieces(text, 1)))).toEqual([
      { id: '007', n: 1.5, ok: true, note: ' a "b",\nc ' },
      { id: '008', n: null, ok: false, note: null },
    ]);
    expect(await cellsOf(metadata, pieces(text))).toEqual([
      ['007', '1.5', 'true', ' a "b",\nc '],
      ['008', ' ', 'FALSE', ''],
    ]);
  });

  test.each([
    ['windows-1252', Buffer.from('a;b\ncaf\xe9;1\n', 'latin1')],
    ['utf-16le', Buffer.from('\uFEFFa;b\ncafé;1\n', 'utf16le')],
  ])('in %s, with another delimiter', async (encoding, bytes) => {
    const metadata = { ...csv([column('a'), column('b', 'integer')], ';'), encoding };
    expect(await collect(readRows(metadata, pieces(bytes, 1)))).toEqual([{ a: 'café', b: 1 }]);
  });

  test.each([
    ['a,b\n1,"2\n', 'Row 1 cannot be read: a quote is opened and never closed.'],
    ['', 'The file is empty.'],
    [`a\n${'x'.repeat(1_000_001)}\n`, 'Row 1 has a cell of more than 1,000,000 characters.'],
    [`a\n${'x,'.repeat(500)}\n`, 'Row 1 has 501 cells; at most 500 can be used.'],
    [`a\n"${'x'.repeat(8_000_001)}\n`, /^Row 1 cannot be read: (?:it is longer|a quote is opened)/],
  ])('%# names the fault', async (text, reason) => {
    const read = collect(readRows(csv([column('a'), column('b')]), pieces(text, 65536)));
    await expect(read).rejects.toBeInstanceOf(Unreadable);
    await expect(read).rejects.toThrow(reason);
  });

  test('rejects bytes in another encoding than recorded', async () => {
    await expect(
      collect(readRows(csv([column('a')]), pieces(Buffer.from('a\n\xff\xfe\n', 'latin1')))),
    ).rejects.toBeInstanceOf(Unreadable);
  });

  test('closes the source if it stops early', async () => {
    let ended = false;
    const endless = async function* () {
      try {
        yield Buffer.from('a\n');
        for (;;) yield Buffer.from('x\n'.repeat(1000));
      } finally {
        ended = true;
      }
    };
    for await (const row of readRows(csv([column('a')]), endless())) {
      expect(row).toEqual({ a: 'x' });
      break;
    }
    await expect.poll(() => ended).toBe(true);
  });

  test('reads back what it writes', async () => {
    // A NUL makes a file binary, and a mark of byte order at its start is not content: neither is in a table that is read.
    const cell = fc
      .string({ unit: 'binary', maxLength: 20 })
      .filter((text) => !text.includes('\uFEFF') && !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }).chain((width) =>
          fc.record({
            delimiter: fc.constantFrom(',', ';', '\t', '|'),
            rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 }),
            names: fc.constant(Array.from({ length: width }, (_, i) => `c${i}`)),
          }),
        ),
        async ({ delimiter, rows, names }) => {
          const written = writeCsv([names, ...rows], { delimiter });
          const metadata = csv(
            names.map((name) => column(name)),
            delimiter,
          );
          expect(await cellsOf(metadata, pieces(written, 7))).toEqual(rows);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('escapes formulas only if requested', () => {
    expect(writeCsv([['=1+1', true, null, 2]])).toBe('=1+1,true,,2\n');
    expect(writeCsv([['=1+1']], { guardFormulas: true })).toBe("'=1+1\n");
  });
});

describe('JSON', () => {
  test('reads rows of objects, in any pieces', async () => {
    const text =
      ' [ {"a": 1, "b": "x,]}\\"", "n": {"z": [1, {"y": ":"}]}}, {"a": null, "c": true}, {"b": " "} ] \n';
    const metadata = json(column('a', 'integer'), column('b'), column('n'), column('c', 'boolean'));
    for (const size of [1, 2, 5, 1000]) {
      expect(await collect(readRows(metadata, pieces(text, size)))).toEqual([
        { a: 1, b: 'x,]}"', n: '{"z":[1,{"y":":"}]}', c: null },
        { a: null, b: null, n: null, c: true },
        null,
      ]);
    }
  });

  test('reads scalars as a column, an object as a row, mixed types as text', async () => {
    expect(await collect(readRows(json(column('value')), pieces('["a", 1, true, null]')))).toEqual([
      { value: 'a' },
      { value: '1' },
      { value: 'true' },
      null,
    ]);
    expect(await collect(readRows(json(column('a', 'number')), pieces('{"a": 1.5}')))).toEqual([{ a: 1.5 }]);
  });

  test('preserves identifiers beyond 2^53 and replaces lone surrogates only', async () => {
    const text = '[{"id": 12345678901234567890, "t": "\\ud800"}]';
    expect(await collect(readRows(json(column('id'), column('t')), pieces(text)))).toEqual([
      { id: '12345678901234567890', t: '\uFFFD' },
    ]);
  });

  test('reads back any list of objects', async () => {
    const value = fc.oneof(
      fc.integer(),
      fc.boolean(),
      fc.string({ unit: 'binary' }).map((s) => `x${s}`),
    );
    const row = fc.record({ a: value, b: value });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        async (rows, size) => {
          const metadata = json(column('a', 'empty'), column('b', 'empty'));
          const read = await collect(readRows(metadata, pieces(JSON.stringify(rows), size)));
          expect(read).toEqual(JSON.parse(JSON.stringify(rows).toWellFormed()));
        },
      ),
    );
  });

  test.each([
    ['', 'The file is empty.'],
    ['  \n', 'The file is empty.'],
    ['"text"', 'The JSON must be a list of rows, or one object.'],
    ['[{"a": NaM}]', /^Row 1 is not valid JSON/],
    ['[1,]', /^Row 2 is not valid JSON/],
    ['[{"a": 1}', 'The JSON ends in the middle.'],
    ['[{"a": 1}, {"a": "', 'The JSON ends in the middle.'],
    ['[1}', 'The list ends with the wrong bracket.'],
    ['{"a":1}\n2', 'Row 2 is not an object as the rows before it are.'],
    ['[1]\n[2]', 'There is more text after the end of the JSON; a list needs [ ] around it.'],
    ['[{"a": 1}, 2]', 'Row 2 is not of the same form as the rows before it.'],
    ['[[1]]', 'Row 1 is a list; rows must be objects or single values.'],
    ['[{"a": 1, "\\u0061": 2}]', 'Row 1 has the same key twice.'],
    ['[{"a": {"b": 1, "b": 2}}]', 'Row 1 has the same key twice.'],
    ['[{"a": 1e999}]', 'Row 1 holds a number that is out of range.'],
    ['['.repeat(100_000), 'The JSON is nested deeper than 64 levels.'],
    [`[{"a": "${'x'.repeat(1_000_001)}"}]`, 'Row 1 has a value of more than 1,000,000 characters.'],
    [`["${'x'.repeat(8_100_000)}"]`, 'Row 1 is longer than 8 million characters.'],
  ])('%# names the fault', async (text, reason) => {
    const read = collect(readRows(json(column('a')), pieces(text, 65536)));
    await expect(read).rejects.toBeInstanceOf(Unreadable);
    await expect(read).rejects.toThrow(reason);
  });
});
