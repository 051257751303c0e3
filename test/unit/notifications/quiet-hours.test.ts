import fc from 'fast-check';
import { expect, it } from 'vitest';
import { QuietHours } from '../../../contracts/entities/notice.ts';
import { endOfQuietHours } from '../../../lambdas/notifications/quiet-hours.ts';

const end = (from: string, to: string, at: string, time_zone = 'Europe/Berlin') =>
  endOfQuietHours({ from, to, time_zone }, new Date(at))?.toISOString();

it('converts to the time of day in the zone, also across midnight', () => {
  expect(end('22:00', '07:00', '2026-01-10T21:30:00Z')).toBe('2026-01-11T06:00:00.000Z');
  expect(end('22:00', '07:00', '2026-01-11T05:59:59Z')).toBe('2026-01-11T06:00:00.000Z');
  expect(end('22:00', '07:00', '2026-01-11T06:00:00Z')).toBeUndefined();
  expect(end('22:00', '07:00', '2026-01-10T20:59:59Z')).toBeUndefined();
  expect(end('12:00', '13:00', '2026-01-10T11:15:00Z')).toBe('2026-01-10T12:00:00.000Z');
});

it('ends at the right moment on days with a clock change', () => {
  // At 02:00 clocks are set to 03:00: 07:00 is five hours away, not six.
  expect(end('22:00', '07:00', '2026-03-29T00:00:00Z')).toBe('2026-03-29T05:00:00.000Z');
  expect(end('22:00', '07:00', '2026-10-25T00:00:00Z')).toBe('2026-10-25T06:00:00.000Z');
  // 02:30 does not exist that night.
  expect(end('01:00', '02:30', '2026-03-29T00:30:00Z')).toBe('2026-03-29T01:00:00.000Z');
});

it('ends within 25 hours, at a time that is not quiet', () => {
  const time = fc.integer({ min: 0, max: 1439 }).map((minute) => {
    const text = (n: number): string => String(n).padStart(2, '0');
    return `${text(Math.floor(minute / 60))}:${text(minute % 60)}`;
  });
  const zone = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  );
  fc.assert(
    fc.property(
      time,
      time,
      zone,
      fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
      (from, to, time_zone, at) => {
        const quiet = QuietHours.safeParse({ from, to, time_zone });
        if (!quiet.success) return from === to;
        const over = endOfQuietHours(quiet.data, at);
        if (!over) return true;
        const wait = over.getTime() - at.getTime();
        return wait > 0 && wait <= 25 * 3_600_000 && endOfQuietHours(quiet.data, over) === undefined;
      },
    ),
    { numRuns: 200 },
  );
});

it('accepts time zones of the IANA database only', () => {
  for (const time_zone of ['Mars/Olympus', '', 'Europe/../Berlin']) {
    expect(QuietHours.safeParse({ from: '22:00', to: '07:00', time_zone }).success).toBe(false);
  }
  expect(QuietHours.safeParse({ from: '24:00', to: '07:00', time_zone: 'UTC' }).success).toBe(false);
});
