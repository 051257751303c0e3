import { expect, it } from 'vitest';
import { parseMediumUri } from './medium-ref.ts';

const fileId = '32ec8c21-c4b2-83a1-9ee4-60f9a9d7b5d4';
const sha256 = 'ab'.repeat(32);

it('parses the path of a file with and without a hash, and its storage URI', () => {
  expect(parseMediumUri(`/api/v2/files/${fileId}?sha256=${sha256}`)).toEqual({ fileId, sha256 });
  expect(parseMediumUri(`/api/v2/files/${fileId}`)).toEqual({ fileId, sha256: undefined });
  const owner = '018f0000-0000-7000-8000-000000000001';
  expect(parseMediumUri(`s3://files/ready/${owner}/${fileId}/${sha256}`)).toEqual({ fileId, sha256 });
});

it.each(['', 'https://elsewhere.example/api/v2/files/1', `//evil/api/v2/files/${fileId}`, '/api/v2/files/x'])(
  'rejects %j',
  (uri) => {
    expect(parseMediumUri(uri)).toBeUndefined();
  },
);
