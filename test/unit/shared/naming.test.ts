import { expect, it } from 'vitest';
import { objects, parseReadyUri, s3Uri, withoutOwner } from '../../../contracts/naming.ts';
import { newId } from '../../../lambdas/shared/ids.ts';

it('parses the file from the media path of items, and from no other path', () => {
  const file = newId();
  expect(parseReadyUri(s3Uri('files', objects.ready(file, 'a'.repeat(64))))).toEqual({
    fileId: file,
    sha256: 'a'.repeat(64),
  });
  for (const other of [
    objects.upload('text', file),
    objects.quarantine(file),
    objects.recalled('b'.repeat(24), 'a'.repeat(64)),
    `${objects.ready(file, 'a'.repeat(64))}/more`,
  ]) {
    expect(parseReadyUri(s3Uri('files', other))).toBeUndefined();
  }
  expect(parseReadyUri(objects.ready(file, 'a'.repeat(64)))).toBeUndefined();
});

it('parses the keys of earlier versions, which contain the owner', () => {
  const [owner, file, hash] = [newId(), newId(), 'a'.repeat(64)];
  expect(parseReadyUri(`s3://files/ready/${owner}/${file}/${hash}`)).toEqual({ fileId: file, sha256: hash });
  expect(withoutOwner(`ready/${owner}/${file}/${hash}`)).toBe(objects.ready(file, hash));
  expect(withoutOwner(objects.ready(file, hash))).toBeUndefined();
  expect(withoutOwner(`quarantine/${owner}/${file}`)).toBeUndefined();
});
