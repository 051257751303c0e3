import { describe, expect, it } from 'vitest';
import { mediaOfRow } from './columns.ts';
import type { Row } from './use-rows.ts';

const FILE = '018f0000-0000-7000-8000-000000000001';
const HASH = 'a'.repeat(64);
const rowWith = (media: NonNullable<Row['item']>['media']): Row => ({
  place: 1,
  item: { id: '1', fields: {}, media },
  answer: { id: '1', prediction: 'cat' },
});
const medium = (file_type: string, uri = `s3://files/ready/${FILE}/${HASH}`) => ({
  ...{ uri, file_type, sha256: HASH, size_bytes: 1 },
});

describe('the files of a row', () => {
  it('have names, and previews except for texts', () => {
    const row = rowWith({ photo: medium('image'), letter: medium('text') });
    const [photo, letter] = mediaOfRow(row, (id) => `name of ${id}`);
    expect(photo).toMatchObject({ field: 'photo', name: `name of ${FILE}`, drawable: { fileId: FILE } });
    expect(letter).toMatchObject({ field: 'letter', name: `name of ${FILE}`, drawable: undefined });
  });

  it('have the name of their field if they are not media of this platform', () => {
    const row = rowWith({ photo: medium('image', 's3://elsewhere/x') });
    expect(mediaOfRow(row, String)).toEqual([{ field: 'photo', name: 'photo', drawable: undefined }]);
  });
});
