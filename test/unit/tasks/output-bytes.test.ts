import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { fillIn } from '../support/table-flow.ts';

const filled = async (text: string | Buffer, answer: string | number = 'good', target = 'label') => {
  const type = /^\s*[[{]/.test(text.toString()) ? 'application/json' : 'text/csv';
  return (await fillIn(type, text, target, () => answer)).output;
};

describe('a CSV is returned unchanged except for its filled target', () => {
  test.each([
    ['CRLF', 'text,label\r\na,good\r\nb,bad\r\nc,\r\n', 'text,label\r\na,good\r\nb,bad\r\nc,good\r\n'],
    ['CR', 'text,label\ra,good\rb,bad\rc,\r', 'text,label\ra,good\rb,bad\rc,good\r'],
    ['no line end at last', 'text,label\na,good\nb,bad\nc,', 'text,label\na,good\nb,bad\nc,good'],
    ['a mark', '\uFEFFtext,label\na,good\nb,bad\nc,\n', '\uFEFFtext,label\na,good\nb,bad\nc,good\n'],
    [
      'quotes where they need not be',
      '"text","label"\n"a","good"\n"b","bad"\n"c",""\n',
      '"text","label"\n"a","good"\n"b","bad"\n"c","good"\n',
    ],
    [
      'a bare blank in a quoted column',
      'text,label\na,"good"\nb,"bad"\nc,\n',
      'text,label\na,"good"\nb,"bad"\nc,"good"\n',
    ],
    [
      'a missing last cell',
      'id,text,label\n0,a,good\n1,b,bad\n2,c\n',
      'id,text,label\n0,a,good\n1,b,bad\n2,c,good\n',
    ],
    [
      'names, blank and repeated',
      ',text,text, label \n0,a,a,good\n1,b,b,bad\n2,c,c,\n',
      ',text,text, label \n0,a,a,good\n1,b,b,bad\n2,c,c,good\n',
    ],
    [
      'empty lines and comments',
      '# made by hand\ntext,label\n\na,good\n# a note\nb,bad\n\n\nc,\n\n\n',
      '# made by hand\ntext,label\n\na,good\n# a note\nb,bad\n\n\nc,good\n\n\n',
    ],
    [
      'sep=',
      'sep=;\r\ntext;label\r\na;good\r\nb;bad\r\nc;\r\n',
      'sep=;\r\ntext;label\r\na;good\r\nb;bad\r\nc;good\r\n',
    ],
    [
      'numbers as they are written',
      'n,label\n007,good\n1.50,bad\n1e3,\n',
      'n,label\n007,good\n1.50,bad\n1e3,good\n',
    ],
    [
      'row names of R',
      '"text","label"\n"1","a","good"\n"2","b","bad"\n"3","c",""\n',
      '"text","label"\n"1","a","good"\n"2","b","bad"\n"3","c","good"\n',
    ],
  ])('%s', async (_, text, expected) => {
    expect((await filled(text)).toString()).toBe(expected);
  });

  test.each([
    ['a, b', 'text,label\na,good\nc,\n', 'text,label\na,good\nc,"a, b"\n'],
    ['say "a"', 'text,label\na,good\nc,\n', 'text,label\na,good\nc,"say ""a"""\n'],
    ['two\nlines', 'text,label\na,good\nc,\n', 'text,label\na,good\nc,"two\nlines"\n'],
    ['two\nlines', 'text\tlabel\n"a\tgood\nc\t\nd\tx\n', 'text\tlabel\n"a\tgood\nc\ttwo lines\nd\tx\n'],
    [
      'say "a"',
      'text,label\n"b \\"c\\", d",good\n"e \\"f\\"",\n',
      'text,label\n"b \\"c\\", d",good\n"e \\"f\\"","say \\"a\\""\n',
    ],
  ])('an answer %j is written as one cell', async (answer, text, expected) => {
    expect((await fillIn('text/csv', text, 'label', () => answer, 'generation')).output.toString()).toBe(
      expected,
    );
  });

  test('in its encoding, or in UTF-8 with a byte order mark if the encoding lacks a character', async () => {
    const latin = Buffer.from('Stadt;label\r\nK\xf6ln;gr\xfcn\r\nM\xfcnchen;\r\n', 'latin1');
    expect((await filled(latin, 'grün')).toString('latin1')).toBe(
      'Stadt;label\r\nK\xf6ln;gr\xfcn\r\nM\xfcnchen;gr\xfcn\r\n',
    );
    expect((await filled(latin, 'зелёный')).toString()).toBe(
      '\uFEFFStadt;label\r\nKöln;grün\r\nMünchen;зелёный\r\n',
    );
    const utf16 = Buffer.from('\uFEFFtext\tlabel\r\nя\tда\r\nты\t\r\n', 'utf16le');
    expect((await filled(utf16, 'нет')).toString('utf16le')).toBe(
      '\uFEFFtext\tlabel\r\nя\tда\r\nты\tнет\r\n',
    );
  });
});

describe('a JSON is returned unchanged except for its filled target', () => {
  test.each([
    [
      'spellings of numbers and long ones',
      '[{"id":1478720431326732291,"w":1.0,"label":"a"},{"id":2,"w":2.50,"label":"b"},{"id":3,"w":3.0,"label":null}]',
      '[{"id":1478720431326732291,"w":1.0,"label":"a"},{"id":2,"w":2.50,"label":"b"},{"id":3,"w":3.0,"label":"a"}]',
      'a',
    ],
    [
      'white space, order, nesting, empty texts',
      '[ {"t": {"x": [1, 2]}, "label": "a", "note": ""},\n  {"label": "b" , "t": {}},\n  {"t": "c", "label": ""} ]\n',
      '[ {"t": {"x": [1, 2]}, "label": "a", "note": ""},\n  {"label": "b" , "t": {}},\n  {"t": "c", "label": "a"} ]\n',
      'a',
    ],
    [
      'a missing key, written as its neighbours are',
      '[{"t": "x", "label": "a"}, {"t": "y", "label": "b"}, {"n": 1, "t": "z"}, {"t": "w"}]',
      '[{"t": "x", "label": "a"}, {"t": "y", "label": "b"}, {"n": 1, "t": "z", "label": "a"}, {"t": "w","label": "a"}]',
      'a',
    ],
    [
      'whole numbers',
      '[{"t":"x","label":1},{"t":"y","label":0},{"t":"z"}]',
      '[{"t":"x","label":1},{"t":"y","label":0},{"t":"z","label":1}]',
      '1',
    ],
    [
      'truth',
      '[{"t":"x","label":true},{"t":"y","label":false},{"t":"z","label":null}]',
      '[{"t":"x","label":true},{"t":"y","label":false},{"t":"z","label":true}]',
      'true',
    ],
    [
      'lists of one',
      '[{"t":"x","label":["a"]},{"t":"y","label":[ "b" ]},{"t":"z","label":[]}]',
      '[{"t":"x","label":["a"]},{"t":"y","label":[ "b" ]},{"t":"z","label":[ "b" ]}]',
      'b',
    ],
    [
      'lines',
      '{"t":"x","label":"a"}\r\n{"t":"y","label":"b"}\r\n{"t":"z","label":""}',
      '{"t":"x","label":"a"}\r\n{"t":"y","label":"b"}\r\n{"t":"z","label":"a"}',
      'a',
    ],
    [
      'a wrapped list',
      '{"meta": {"n": 3}, "data": [{"t":"x","label":"a"},{"t":"y","label":"b"},{"t":"z","label":""}], "end": true}\n',
      '{"meta": {"n": 3}, "data": [{"t":"x","label":"a"},{"t":"y","label":"b"},{"t":"z","label":"a"}], "end": true}\n',
      'a',
    ],
    [
      'not-a-numbers of Python',
      '[{"n":NaN,"label":"a"},{"n":-Infinity,"label":"b"},{"n":1,"label":null}]',
      '[{"n":NaN,"label":"a"},{"n":-Infinity,"label":"b"},{"n":1,"label":"a"}]',
      'a',
    ],
    [
      'escaped keys',
      '[{"t":"x","l\\u0061bel":"a"},{"t":"y","label":"b"},{"t":"z","l\\u0061bel":""}]',
      '[{"t":"x","l\\u0061bel":"a"},{"t":"y","label":"b"},{"t":"z","l\\u0061bel":"a"}]',
      'a',
    ],
  ])('%s', async (_, text, expected, answer) => {
    expect((await filled(text, answer)).toString()).toBe(expected);
  });

  test.each([
    ['jsonl', '{"t":"x","label":"a"}\n{"t":"y","label":"b"}\n{"t":"z"}\n'],
    ['json', '[{"t":"x","label":"a"},{"t":"y","label":"b"},{"t":"z"}]'],
  ])('named .%s, by its content', async (extension, text) => {
    expect((await fillIn('application/json', text, 'label', () => 'a')).extension).toBe(extension);
  });

  test('characters that the encoding lacks are escaped', async () => {
    const latin = Buffer.from(
      '[{"t":"K\xf6ln","label":"a"},{"t":"b","label":"b"},{"t":"c","label":""}]',
      'latin1',
    );
    expect((await filled(latin, 'да')).toString('latin1')).toContain('"label":"\\u0434\\u0430"}]');
  });
});

describe('properties', () => {
  const encodings = ['utf-8', 'utf-16le', 'latin1'] as const;
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme-ascii', maxLength: 8 }),
    fc.constantFrom('', ' ', 'a, b', 'x;y', 'say "hi"', 'two\nlines', 'é', '007', '#1', '=1+1'),
  );

  test('bytes outside the target equal those of the input, for any layout', async () => {
    const layouts = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      eol: fc.constantFrom('\n', '\r\n', '\r'),
      lastEol: fc.boolean(),
      mark: fc.boolean(),
      encoding: fc.constantFrom(...encodings),
      quoteAll: fc.boolean(),
      rows: fc.array(fc.tuple(cell, cell, fc.constantFrom('', 'good', 'bad')), {
        minLength: 4,
        maxLength: 12,
      }),
    });
    await fc.assert(
      fc.asyncProperty(layouts, async ({ delimiter, eol, lastEol, mark, encoding, quoteAll, rows }) => {
        const written = (text: string) =>
          quoteAll || /["\r\n]/.test(text) || text.includes(delimiter) || text.startsWith('#')
            ? `"${text.replaceAll('"', '""')}"`
            : text;
        const build = (answer: (label: string) => string) => {
          const lines = [
            ['left', 'right', 'label'],
            ['first', 'row', 'good'],
            ['last', 'row', ''],
            ...rows,
          ].map((cells, i) =>
            cells.map((text, j) => written(i > 0 && j === 2 ? answer(text) : text)).join(delimiter),
          );
          const text = lines.join(eol) + (lastEol ? eol : '');
          return Buffer.from(
            mark && encoding !== 'latin1' ? `\uFEFF${text}` : text,
            encoding === 'utf-8' ? 'utf8' : encoding === 'utf-16le' ? 'utf16le' : 'latin1',
          );
        };
        // `é|` in Latin-1 is one character of Shift-JIS: of so few bytes nobody could tell.
        fc.pre(encoding !== 'latin1' || delimiter !== '|');
        fc.pre(encoding !== 'utf-16le' || mark);
        const flow = await fillIn(
          'text/csv',
          build((label) => label),
          'label',
          () => 'bad, really',
        );
        const asked = new Set(flow.items.map((item) => Number(item.id.split(':')[1])));
        let row = 0;
        const expected = build((label) => (asked.has((row += 1)) ? 'bad, really' : label));
        expect(flow.output.toString('hex')).toBe(expected.toString('hex'));
      }),
      { numRuns: 150 },
    );
  });
});
