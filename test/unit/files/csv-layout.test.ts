import { describe, expect, test } from 'vitest';
import { ready } from '../support/table-flow.ts';

async function csv(text: string | Buffer) {
  const { metadata } = await ready('text/csv', text);
  if (metadata.file_type !== 'csv') throw new Error('not a CSV');
  return metadata;
}
const names = async (text: string | Buffer) => (await csv(text)).columns.map((column) => column.name);

const rows = ['0,"It works, fine",good', '1,"It leaks",bad', '2,"Warm and quiet",good', '3,"Lovely",'];

describe('the first row of the table', () => {
  test.each([
    ['at once', ['id,text,label', ...rows], 1],
    ['below a padded title', ['Tickets Q3,,', 'id,text,label', ...rows], 2],
    ['below a padded title and a blank row', ['Tickets Q3,,', ',,', 'id,text,label', ...rows], 3],
    [
      'below a bare title and an empty line',
      ['Tickets of the third quarter', '', 'id,text,label', ...rows],
      3,
    ],
    [
      'below a title, an author and a date',
      ['Tickets', 'by: Ann', '2026-03-01', 'id,text,label', ...rows],
      4,
    ],
    ['below comments', ['# exported, by a tool, yesterday', '# "x', 'id,text,label', ...rows], 3],
    ['below empty lines', ['', '', 'id,text,label', ...rows], 3],
  ])('%s', async (_, lines, headerLine) => {
    const metadata = await csv(`${lines.join('\n')}\n`);
    expect(metadata.layout).toMatchObject({ header_line: headerLine });
    expect(metadata).toMatchObject({ rows: 4, delimiter: ',' });
    expect(metadata.columns.map(({ name, filled }) => [name, filled])).toEqual([
      ['id', 4],
      ['text', 4],
      ['label', 3],
    ]);
  });

  test.each([
    ['an index without a name', ',label\nfoo,good\nbar,bad\nbaz,\n', ['column_1', 'label']],
    ['two names, one blank target', 'text,label\na word,\nanother,good\n', ['text', 'label']],
    [
      'a header of words above words',
      'text,label\ngood thing,a\nbad thing,b\nfine thing,\n',
      ['text', 'label'],
    ],
    ['a header with a sign of comment', '#id,text,label\n0,a,x\n1,b,\n', ['#id', 'text', 'label']],
    ['years', 'country,2019,2020\nFR,1,2\nDE,3,\n', ['country', '2019', '2020']],
    ['one column of texts with commas', 'text\nHello, world\nOne, two, three\n', ['text']],
    ['one column of tags', 'tweet\n#fun day\n#sad day\n', ['tweet']],
  ])('%s is the header', async (_, text, expected) => {
    expect(await names(text)).toEqual(expected);
    expect((await csv(text)).layout?.header_line).toBe(1);
  });
});

describe('delimiters and quotes', () => {
  test.each([
    ['semicolons beside decimal commas', 'x;y\n1,5;2,5\n3,5;4,5\n5,5;\n', ';'],
    ['commas beside semicolons in texts', 'id,text\r1,a; b; c\r2,d; e; f\r3,g; h; i\r', ','],
    ['sep=', 'sep=;\r\ntext;label\r\na, b;good\r\n', ';'],
    ['sep= with a character that is none else', 'sep=^\na^b\n1^2\n', '^'],
    ['pipes', 'a|b\n1|2\n', '|'],
    ['tabs beside commas', 'text\tlabel\na, b, c\tgood\nd, e, f\t\n', '\t'],
  ])('%s', async (_, text, delimiter) => {
    expect((await csv(text)).delimiter).toBe(delimiter);
  });

  test.each([
    ['doubled quotes', 'text,n\n"say ""a, b""",1\n"c",2\n', 'doubled', 'say "a, b"'],
    ['backslashes', 'text,n\n"say \\"a, b\\"",1\n"c",2\n', 'backslash', 'say "a, b"'],
    ['a path that ends in a backslash', 'text,n\n"C:\\dir\\",1\n"c",2\n', 'doubled', 'C:\\dir\\'],
    ['quotes in the middle of a cell', 'text\tn\n5" pipe\t1\nc\t2\n', 'doubled', '5" pipe'],
    ['a quote that opens a cell between tabs', 'text\tn\n"a\t1\nc\t2\nd\t3\n', 'none', '"a'],
    ['text behind a closing quote', 'text,n\n"a" b,1\n"c",2\n"d",3\n"e",4\n', 'doubled', 'a b'],
  ])('%s', async (_, text, quoting, first) => {
    const metadata = await csv(text);
    expect(metadata.layout?.quoting).toBe(quoting);
    expect(metadata.columns[0]?.values).toContain(first);
    expect(metadata.columns.map((column) => column.name)).toEqual(['text', 'n']);
  });

  test('spaces before an opening quote', async () => {
    const metadata = await csv('id, text, n\n1, "a, b", 2\n3, "c, d", 4\n');
    expect(metadata.layout?.space_before_quote).toBe(true);
    expect(metadata.columns[1]?.values).toEqual(['a, b', 'c, d']);
  });
});

describe('uneven rows', () => {
  test('missing cells at the end of a row are blank', async () => {
    const metadata = await csv('id,text,label\n0,a,x\n1,b\n2\n');
    expect(metadata.layout).toMatchObject({ short_rows: 2, long_rows: 0 });
    expect(metadata.columns.map((column) => column.filled)).toEqual([3, 2, 1]);
  });

  test('cells beyond the header are columns without a name', async () => {
    const metadata = await csv('id,text,label\n0,a,x\n1,b,y\n2,c,z,note\n3,d,,\n');
    expect(metadata.layout).toMatchObject({ short_rows: 0, long_rows: 1 });
    expect(metadata.columns.map((column) => column.name)).toEqual(['id', 'text', 'label', 'column_4']);
  });

  test('a delimiter at the end of every row is not a column', async () => {
    expect(await names('id,text\n0,a,\n1,b,\n2,c,\n')).toEqual(['id', 'text']);
  });

  test('rows begin with a row name if R wrote them', async () => {
    const metadata = await csv('"text","label"\n"1","a","good"\n"2","b","bad"\n"3","c",NA\n');
    expect(metadata.layout?.row_names).toBe(true);
    expect(metadata.columns.map((column) => column.name)).toEqual(['column_1', 'text', 'label']);
  });

  test('a quoted text below an unquoted header is not a row name: every row has one cell too many', async () => {
    const metadata = await csv('text,label\n"fine, thanks",good,note\n"broken",bad,seen\n"lovely",,x\n');
    expect(metadata.layout).toMatchObject({ row_names: false, long_rows: 3 });
    expect(metadata.columns.map((column) => column.name)).toEqual(['text', 'label', 'column_3']);
  });

  test('rows without any value are counted', async () => {
    expect(await csv('id,text,label\n0,a,x\n,,\n1,b,\n, ,\n')).toMatchObject({ rows: 4, blank_rows: 2 });
  });
});

test('column names: blank, repeated, with spaces, zero-width', async () => {
  expect(await names('a, b ,,a,la\u200Bbel,cafe\u0301\n1,2,3,4,5,6\n')).toEqual([
    'a',
    'b',
    'column_3',
    'a_2',
    'label',
    'caf\u00E9',
  ]);
});

test.each(['\n', '\r\n', '\r'])('line ends %j, and a different one at the last line', async (eol) => {
  for (const last of ['\n', '\r\n', '\r', '']) {
    expect(await csv(`a,b${eol}1,"x"${eol}2,y${last}`)).toMatchObject({ rows: 2 });
  }
});
