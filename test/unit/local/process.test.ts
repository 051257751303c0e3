import { describe, expect, it } from 'vitest';
import { PlatformError, explained } from '../../../local/process.ts';

describe('a system error', () => {
  it.each(['ENOSPC', 'EDQUOT'])('%s reports that the disk is full, and which data is safe', (code) => {
    const error = explained(Object.assign(new Error(code), { code, path: '/state/file' }));
    expect(error).toBeInstanceOf(PlatformError);
    expect((error as Error).message).toBe(
      'The disk is full. Free some space and start again: everything that was acknowledged is still there.\n' +
        '(Writing /state/file failed.)',
    );
  });

  it('about a port names the port', () => {
    const error = explained(Object.assign(new Error('listen'), { code: 'EADDRINUSE', port: 3001 }));
    expect(error).toBeInstanceOf(PlatformError);
    expect((error as Error).message).toBe(
      'Port 3001 was taken by something else during the start. Start again.',
    );
  });

  it('of another kind is unchanged', () => {
    const error = new Error('other');
    expect(explained(error)).toBe(error);
  });
});
