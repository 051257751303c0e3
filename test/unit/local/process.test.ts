import { describe, expect, it } from 'vitest';
import { PlatformError, explained } from '../../../local/process.ts';

describe('an error of the system', () => {
  it.each(['ENOSPC', 'EDQUOT'])('%s says that the disk is full and what is kept', (code) => {
    const error = explained(Object.assign(new Error(code), { code, path: '/state/file' }));
    expect(error).toBeInstanceOf(PlatformError);
    expect((error as Error).message).toBe(
      'The disk is full. Free some space and start again: everything that was acknowledged is still there.\n' +
        '(Writing /state/file failed.)',
    );
  });

  it('about a port names it', () => {
    const error = explained(Object.assign(new Error('listen'), { code: 'EADDRINUSE', port: 3001 }));
    expect(error).toBeInstanceOf(PlatformError);
    expect((error as Error).message).toBe(
      'Port 3001 was taken by something else during the start. Start again.',
    );
  });

  it('of another kind stays as it is', () => {
    const error = new Error('other');
    expect(explained(error)).toBe(error);
  });
});
