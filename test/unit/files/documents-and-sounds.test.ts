import { describe, expect, test } from 'vitest';
import type { MediaType } from '../../../contracts/rules/file-kinds.ts';
import { deflated, pdf } from '../../support/media/pdfs.ts';
import { sample } from '../../support/media/samples.ts';
import { id3, mp3, wav } from '../../support/media/sounds.ts';
import { inspectBytes } from '../support/inspected-bytes.ts';

async function found(type: MediaType, bytes: Buffer) {
  const { file } = await inspectBytes(type, bytes);
  if (file.status === 'ready') return file.metadata;
  return file.status === 'rejected' ? file.rejected_reason : file.status;
}

describe('a PDF', () => {
  test('has its number of pages, and whether it has text', async () => {
    expect(
      await found(
        'application/pdf',
        pdf({ pages: ['One', 'Two (2)', 'Three'].map((text) => text.replace(/[()]/g, '')) }),
      ),
    ).toMatchObject({
      file_type: 'pdf',
      pages: 3,
      has_text: true,
    });
  });

  test('is read if its objects are in compressed streams', async () => {
    const inner = '10 0 << /Type /Page /Parent 2 0 R >>';
    const bytes = pdf({ extra: [deflated(Buffer.from(inner), '/Type /ObjStm /N 1 /First 5')] });
    expect(await found('application/pdf', bytes)).toMatchObject({ pages: 2 });
  });

  test.each([
    [
      'in a compressed stream',
      {
        extra: [
          deflated(Buffer.from('9 0 << /S /JavaScript /JS (app.alert(1)) >>'), '/Type /ObjStm /N 1 /First 4'),
        ],
      },
      'script',
    ],
    ['spelled with #', { catalog: '/OpenAction << /S /J#61vaScript /J#53 (1) >>' }, 'script'],
    ['of 501 pages', { pages: Array.from({ length: 501 }, () => 'x') }, 'more than 500 pages'],
    ['encrypted', { trailer: '/Encrypt 3 0 R' }, 'encrypted'],
  ] as const)('%s is rejected', async (_, options, reason) => {
    expect(await found('application/pdf', pdf(options))).toContain(reason);
  });
});

describe('a sound', () => {
  test.each([
    ['wav', 'audio/wav', wav(), 0.5],
    ['flac', 'audio/flac', sample('flac'), 0.5],
    ['ogg', 'audio/ogg', sample('ogg'), 0.5],
    ['ogg', 'audio/ogg', sample('opus'), 0.5],
    ['mp3', 'audio/mpeg', sample('mp3'), 0.5],
    ['m4a', 'audio/mp4', sample('m4a'), 0.5],
  ] as const)('of %s has its duration, channels and rate', async (format, type, bytes, seconds) => {
    const metadata = await found(type, bytes);
    expect(metadata).toMatchObject({ file_type: 'audio', format, channels: 1 });
    const { duration_seconds: duration, sample_rate: rate } = metadata as {
      duration_seconds: number;
      sample_rate: number;
    };
    expect(Math.abs(duration - seconds)).toBeLessThan(0.15);
    expect([16_000, 48_000]).toContain(rate);
  });

  test.each([
    ['wav', 'audio/wav', wav()],
    ['flac', 'audio/flac', sample('flac')],
    ['ogg', 'audio/ogg', sample('ogg')],
    ['mp3', 'audio/mpeg', sample('mp3')],
    ['m4a', 'audio/mp4', sample('m4a')],
  ] as const)('of %s that is truncated or has trailing bytes is rejected', async (_, type, bytes) => {
    expect(await found(type, bytes.subarray(0, bytes.length - 100))).toContain('truncated');
    expect(await found(type, Buffer.concat([bytes, Buffer.from('and something more')]))).toEqual(
      expect.stringMatching(/follow|truncated/),
    );
  });

  test('with a large cover picture is rejected', async () => {
    const cover = Buffer.alloc(6 * 1024 * 1024, 0xaa);
    expect(await found('audio/mpeg', Buffer.concat([id3('APIC', cover), mp3()]))).toContain('cover picture');
  });
});
