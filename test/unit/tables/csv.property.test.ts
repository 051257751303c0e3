import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvTable } from '../../../lambdas/shared/tables/csv-records.ts';
import type { CsvMetadata } from '../../../lambdas/shared/tables/csv-records.ts';
import { Encoder } from '../../../lambdas/shared/tables/encode.ts';
import { filledCsv } from '../../../lambdas/shared/tables/fill-csv.ts';

/** In pieces of any size, as a stream brings them. */
async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const columns = ['a', 'b', 'c'].map((name) => ({ name, type: 'text' as const, filled: 0 }));
const metadata = (encoding: string, delimiter: string): CsvMetadata => ({
  file_type: 'csv',
  encoding,
  delimiter,
  sha256: '0'.repeat(64),
  rows: 0,
  columns,
});

const delimiter = fc.constantFrom(',', ';', '\t', '|');
const eol = fc.constantFrom('\n', '\r\n', '\r');
const size = fc.integer({ min: 1, max: 40 });
const quotedWhere = (text: string, separator: string, quote: boolean): string =>
  quote || text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

describe('cells equal those of csv-parse', () => {
  const unit = fc.oneof(
    fc.constantFrom('"', ',', ';', '\t', '|', '\r', '\n', ' ', '\\', '\uFEFF', '\u2028'),
    // A NUL makes the file binary data.
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((char) => char !== '\0'),
  );
  const cell = fc.record({
    text: fc.array(unit, { maxLength: 6 }).map((units) => units.join('')),
    quote: fc.boolean(),
  });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 2, maxLength: 8 });

  test('for any text in RFC 4180, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        delimiter,
        eol,
        size,
        fc.boolean(),
        async (given, separator, end, step, last) => {
          const lines = given.map((row) =>
            row.map(({ text, quote }) => quotedWhere(text, separator, quote)).join(separator),
          );
          const text = `first${separator}${lines.join(end)}${last ? end : ''}`;
          const bytes = Buffer.from(text);
          const options = { delimiter: separator, record_delimiter: end, relax_column_count: true };
          const expected = parse(bytes.toString(), options);
          const table = await csvTable(pieces(bytes, step), metadata('utf-8', separator));
          const found: (readonly string[])[] = [table.header];
          for await (const row of table.rows) found.push(row.cells);
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('a filled CSV preserves the bytes outside the target', () => {
  const texts: readonly (readonly [encoding: string, letters: string])[] = [
    ['utf-8', 'aé日😀'],
    ['utf-16le', 'aé日😀'],
    ['utf-16be', 'aé日😀'],
    ['windows-1252', 'aéß€'],
    ['windows-1251', 'aяЖ№'],
    ['koi8-r', 'aяЖ'],
    ['iso-8859-2', 'ałŻ'],
    ['shift_jis', 'a表ソ能ｱ'],
    ['euc-jp', 'a表能'],
    ['gbk', 'a中文乂'],
    ['big5', 'a功許蓋'],
    ['euc-kr', 'a한국'],
  ];
  // An encoder asks for every character once, which takes a tenth of a second.
  const encoders = new Map(texts.map(([encoding]) => [encoding, new Encoder(encoding)]));
  const table = fc.constantFrom(...texts).chain(([encoding, letters]) => {
    const unit = fc.constantFrom(...letters, '"', ',', ';', '|', '\n', ' ', '7');
    const text = fc.array(unit, { maxLength: 6 }).map((units) => units.join(''));
    const cell = fc.record({ text, quote: fc.boolean() });
    return fc.record({
      encoding: fc.constant(encoding),
      rows: fc.array(fc.tuple(cell, cell, cell, fc.option(text)), { minLength: 1, maxLength: 8 }),
      position: fc.nat({ max: 2 }),
    });
  });

  test('in any encoding, at any position, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        delimiter,
        eol,
        size,
        async ({ encoding, rows, position }, separator, end, step) => {
          const encoder = encoders.get(encoding)!;
          const encoded = (texts: readonly string[]): Buffer => {
            const bytes = encoder.encode(texts.join(''));
            if (!bytes) throw new Error(`${encoding} has no place for ${texts.join('')}`);
            return bytes;
          };
          const built = (target: (row: number, was: string) => string): Buffer =>
            encoded([
              ['a', 'b', 'c'].join(separator) + end,
              ...rows.map((row, n) => {
                const cells = row.slice(0, 3).map((cell, at) => {
                  const { text, quote } = cell as { text: string; quote: boolean };
                  const was = quotedWhere(text, separator, quote);
                  return at === position ? target(n, was) : was;
                });
                return cells.join(separator) + end;
              }),
            ]);
          const input = built((_, was) => was);
          expect(new TextDecoder(encoding).decode(input)).toContain(`a${separator}b`);
          const output: Buffer[] = [];
          const newCell = (row: number) => rows[row - 1]![3] ?? undefined;
          const changes = { position, newCell };
          for await (const part of filledCsv(metadata(encoding, separator), pieces(input, step), changes))
            output.push(part);
          // An answer is quoted where it must be, or where the cell that it replaces was.
          const expected = built((n, was) => {
            const answer = rows[n]![3];
            return answer === null ? was : quotedWhere(answer, separator, was.startsWith('"'));
          });
          expect(Buffer.concat(output).toString('hex')).toBe(expected.toString('hex'));
        },
      ),
      { numRuns: 100 },
    );
  });
});
