import { describe, expect, it } from 'vitest';
import { delimiterOf, firstElements, previewOf } from './preview.ts';

const look = (text: string, name: string) => previewOf(new Blob([text]), name);

describe('the preview', () => {
  it('shows the first rows of a table with any delimiter', async () => {
    expect(await look('a;b\n1;"x;y"\n2;\n', 'a.csv')).toEqual({
      kind: 'rows',
      columns: ['a', 'b'],
      rows: [
        ['1', 'x;y'],
        ['2', ''],
      ],
    });
    expect(delimiterOf('"a,b,c"\td\n')).toBe('\t');
  });

  it('reads only the beginning of a large file, and leaves out a truncated row', async () => {
    const cell = 'x'.repeat(60_000);
    const table = `id,text\n${Array.from({ length: 50 }, (_, i) => `${i},"${cell}"`).join('\n')}`;
    const shown = await look(table, 'a.csv');
    expect(shown).toMatchObject({ kind: 'rows', columns: ['id', 'text'] });
    expect(shown.kind === 'rows' && shown.rows.map(([id]) => id)).toEqual(['0', '1', '2']);
  });

  it('shows the complete elements of a truncated JSON array', async () => {
    const cut = '[{"a": "]},", "b": [1, {"c": 2}]}, "x", 3, {"a": "never en';
    expect(firstElements(cut, 9)).toEqual([{ a: ']},', b: [1, { c: 2 }] }, 'x', 3]);
    expect(firstElements('[1, 2, 3]', 2)).toEqual([1, 2]);
    expect(firstElements('[]', 2)).toEqual([]);
    expect(await look('[{"a":1},{"b":null}]', 'a.json')).toEqual({
      kind: 'rows',
      columns: ['a', 'b'],
      rows: [
        ['1', ''],
        ['', ''],
      ],
    });
  });

  it('reads a file like the inspection, once that is done', async () => {
    const inspected = { sha256: 'a'.repeat(64), rows: 1, columns: [] };
    const western = new Blob([new Uint8Array([0x6e, 0x3b, 0x6d, 0x0a, 0x4d, 0xfc, 0x6c, 0x3b, 0x31])]);
    const csv = { file_type: 'csv', encoding: 'windows-1252', delimiter: ';', ...inspected } as const;
    expect(await previewOf(western, 'a.csv', csv)).toEqual({
      kind: 'rows',
      columns: ['n', 'm'],
      rows: [['Mül', '1']],
    });
    const json = {
      file_type: 'json',
      encoding: 'utf-8',
      layout: { rows_in: 'lines' },
      ...inspected,
    } as const;
    expect(await look('{"a":1}\n{"a":2}\n{"a":', 'a.jsonl')).toMatchObject({
      kind: 'rows',
      columns: ['a'],
      rows: [['1'], ['2']],
    });
    expect(await previewOf(new Blob(['{"a":1}\n{"a":2}\n{"a":']), 'a.jsonl', json)).toEqual({
      kind: 'rows',
      columns: ['a'],
      rows: [['1'], ['2']],
    });
  });

  it('recognises UTF-16, with and without its mark, and a mark of UTF-8', async () => {
    const utf16 = (mark: number[], text: string, low: 0 | 1) =>
      new Blob([
        new Uint8Array([
          ...mark,
          ...[...text].flatMap((c) => (low === 0 ? [c.charCodeAt(0), 0] : [0, c.charCodeAt(0)])),
        ]),
      ]);
    const rows = { kind: 'rows', columns: ['name', 'n'], rows: [['M\u00fcl', '1']] };
    const table = 'name,n\nM\u00fcl,1\n';
    expect(await previewOf(utf16([0xff, 0xfe], table, 0), 'a.csv')).toEqual(rows);
    expect(await previewOf(utf16([0xfe, 0xff], table, 1), 'a.csv')).toEqual(rows);
    expect(await previewOf(utf16([], table, 0), 'a.csv')).toEqual(rows);
    expect(await look(`\uFEFF${table}`, 'a.csv')).toEqual(rows);
    expect(await look('\uFEFF[{"a":1}]', 'a.json')).toMatchObject({ kind: 'rows', columns: ['a'] });
  });

  it('does not guess other encodings before the inspection, and says so', async () => {
    const western = new Blob([new Uint8Array([0x6e, 0x0a, 0x4d, 0xfc, 0x6c, 0x0a])]);
    const shown = await previewOf(western, 'a.csv');
    expect(shown).toMatchObject({ kind: 'rows', rows: [['M\ufffdl']] });
    expect(shown.note).toMatch(/not UTF-8.*after the upload/);
    const literal = await look('n\nM\ufffdl\n', 'a.csv');
    expect(literal.note).toBeUndefined();
  });

  it('handles a character that is truncated at the end of the read bytes', async () => {
    const text = `n\n${'\u00fc'.repeat(150_000)}`; // 200,000 bytes end within a character
    expect((await look(`${text}x`, 'a.txt')).note).toBeUndefined();
  });

  it('says if a file cannot be read', async () => {
    expect(await look('{"a":', 'a.json')).toMatchObject({ kind: 'none' });
    expect(await look('\u0089PNG\u0000', 'a.csv')).toMatchObject({ kind: 'none' });
    expect(await look('', 'a.csv')).toEqual({ kind: 'none', reason: 'There are no rows.' });
    expect(await look('dear sir', 'a.txt')).toEqual({ kind: 'text', text: 'dear sir' });
  });
});
