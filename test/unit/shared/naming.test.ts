import { expect, it } from 'vitest';
import { objects, parseReadyUri, s3Uri } from '../../../contracts/naming.ts';
import { newId } from '../../../lambdas/shared/ids.ts';

it('finds the file in the address that items name, and in no other', () => {
  const [owner, file] = [newId(), newId()];
  expect(parseReadyUri(s3Uri('files', objects.ready(owner, file, 'a'.repeat(64))))).toEqual({
    fileId: file,
    sha256: 'a'.repeat(64),
  });
  for (const other of [
    objects.upload('text', owner, file),
    objects.quarantine(owner, file),
    objects.recalled('b'.repeat(24), 'a'.repeat(64)),
    `${objects.ready(owner, file, 'a'.repeat(64))}/more`,
  ]) {
    expect(parseReadyUri(s3Uri('files', other))).toBeUndefined();
  }
  expect(parseReadyUri(objects.ready(owner, file, 'a'.repeat(64)))).toBeUndefined();
});
