import { describe, expect, test } from 'vitest';
import type { MetadataOf } from '../../../contracts/entities/file-metadata.ts';
import { ItemPayload } from '../../../contracts/serving/invocation.ts';
import { expandItems } from '../../../lambdas/tasks/expand-items.ts';
import { renderOutput } from '../../../lambdas/tasks/output.ts';
import { numberCell, sharedCell, textCell, typedCell, workbook, zip } from '../../support/media/archives.ts';
import { png } from '../../support/media/pictures.ts';
import { sample } from '../../support/media/samples.ts';
import { wav } from '../../support/media/sounds.ts';
import { inspectBytes } from '../support/inspected-bytes.ts';
import { memoryObjects } from '../support/memory-objects.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

async function readyFile(...[type, bytes, name, sheet]: Parameters<typeof inspectBytes>) {
  const inspected = await inspectBytes(type, bytes, name, sheet);
  const { file } = inspected;
  if (file.status !== 'ready')
    throw new Error(file.status === 'rejected' ? file.rejected_reason : file.status);
  return { ...inspected, file };
}

const orders = workbook({
  sheets: {
    Orders: [
      [
        sharedCell('A1', 0),
        textCell('B1', 'amount'),
        textCell('C1', 'day'),
        textCell('D1', 'paid'),
        textCell('E1', 'label'),
      ],
      [
        textCell('A2', 'Tea &amp; "more"'),
        numberCell('B2', '0.30000000000000004'),
        numberCell('C2', 45_658, 1),
        typedCell('D2', 'b', '1'),
        textCell('E2', 'good'),
      ],
      [
        textCell('A3', 'Coffee'),
        numberCell('B3', 12),
        numberCell('C3', 45_658.5, 2),
        typedCell('D3', 'e', '#N/A'),
      ],
    ],
    Notes: [[textCell('A1', 'note')], [textCell('A2', 'x')]],
  },
  shared: ['product'],
});

describe('a workbook', () => {
  test('is read as the table of its first sheet, with numbers, dates and texts as displayed', async () => {
    const { file, stored } = await readyFile(XLSX, orders);
    const metadata = file.metadata as MetadataOf<'xlsx'>;
    expect(metadata).toMatchObject({
      file_type: 'xlsx',
      rows: 2,
      sheet: 'Orders',
      sheets: ['Orders', 'Notes'],
      delimiter: ',',
    });
    expect(stored(metadata.copy.sha256)!.toString()).toBe(
      'product,amount,day,paid,label\n"Tea & ""more""",0.3,2025-01-01,true,good\nCoffee,12,2025-01-01T12:00:00,,\n',
    );
    expect(metadata.columns.map(({ name, type }) => [name, type])).toEqual([
      ['product', 'text'],
      ['amount', 'number'],
      ['day', 'date'],
      ['paid', 'boolean'],
      ['label', 'text'],
    ]);
  });

  test('is read from the sheet that its owner chose', async () => {
    const { file } = await readyFile(XLSX, orders, 'orders.xlsx', 'notes');
    expect(file.metadata).toMatchObject({ sheet: 'Notes', rows: 1 });
    const { file: missing } = await inspectBytes(XLSX, orders, 'orders.xlsx', 'Total');
    expect(missing).toMatchObject({ rejected_reason: expect.stringContaining('no sheet "Total"') as string });
  });
});

const labels = 'picture,sound,label\nimages/a.png,a.wav,cat\nb.jpg,,\n';
const archive = zip([
  { name: 'labels.csv', data: Buffer.from(labels) },
  { name: 'images/', data: Buffer.alloc(0) },
  { name: 'images/a.png', data: png() },
  { name: 'images/b.jpg', data: sample('jpeg') },
  { name: 'a.wav', data: wav() },
  { name: '__MACOSX/._a.wav', data: Buffer.from('x') },
]);

describe('an archive of media and a CSV', () => {
  test('is a table whose cells are the media without their metadata', async () => {
    const { file, bucket, stored } = await readyFile('application/zip', archive, 'pets.zip');
    const metadata = file.metadata as MetadataOf<'zip'>;
    expect(metadata).toMatchObject({ file_type: 'zip', rows: 2, members: 3, table: 'labels.csv' });
    expect(metadata.columns.some((column) => column.names_files)).toBe(false);
    const uploads = memoryObjects('files');
    for (const [key, bytes] of bucket.objects) await uploads.put(key, bytes, 'application/octet-stream');
    const task = { kind: 'classification' as const, target: 'label', files: [file.id] };
    const inputs = { items: [], examples: [] };
    const expanded = [];
    for await (const one of expandItems({ task, inputs, files: new Map([[file.id, file]]), uploads }))
      expanded.push(one);
    expect(expanded).toMatchObject([
      {
        example: {
          expected: 'cat',
          fields: {},
          media: { picture: { file_type: 'image' }, sound: { file_type: 'audio' } },
        },
      },
      { item: { id: `${file.id}:2`, fields: { sound: null }, media: { picture: { file_type: 'image' } } } },
    ]);
    // What the endpoint is sent is read by the contract again, which takes no other keys.
    for (const one of expanded) if ('item' in one) expect(() => ItemPayload.parse(one.item)).not.toThrow();
    const [, second] = expanded;
    const picture = second && 'item' in second ? second.item.media?.['picture'] : undefined;
    expect(picture?.uri).toBe(`s3://files/ready/${file.id}/${picture?.sha256}`);
    expect(stored(picture!.sha256)!.toString('latin1')).not.toContain('a holiday');
    const items = [{ id: `${file.id}:2`, prediction: 'dog' }];
    const output = await renderOutput({ task, attached: [file], inputs, uploads, items });
    expect(output.body.toString()).toBe(labels.replace('b.jpg,,\n', 'b.jpg,,dog\n'));
    expect(output.extension).toBe('csv');
  });

  test.each([
    [
      'a name that is not in it',
      [
        { name: 't.csv', data: Buffer.from('p\na.png\nz.png\n') },
        { name: 'a.png', data: png() },
      ],
      'Row 2 of the CSV names "z.png"',
    ],
    [
      'no name',
      [
        { name: 't.csv', data: Buffer.from('p\nx\n') },
        { name: 'a.png', data: png() },
      ],
      'No cell',
    ],
    ['no CSV', [{ name: 'a.png', data: png() }], '0 CSV files'],
    [
      'a member of another type',
      [
        { name: 't.csv', data: Buffer.from('p\na.png\n') },
        { name: 'a.png', data: sample('jpeg') },
      ],
      '"a.png" in the archive: The file is jpeg',
    ],
    [
      'a path that leaves it',
      [
        { name: '../t.csv', data: Buffer.from('p\na.png\n') },
        { name: 'a.png', data: png() },
      ],
      'The archive is broken',
    ],
  ])('with %s is rejected, and its objects are deleted', async (_, members, reason) => {
    const { file, bucket } = await inspectBytes('application/zip', zip(members));
    expect(file).toMatchObject({
      status: 'rejected',
      rejected_reason: expect.stringContaining(reason) as string,
    });
    expect([...bucket.objects.keys()].map((key) => key.split('/')[0])).toEqual(['quarantine']);
  });
});
