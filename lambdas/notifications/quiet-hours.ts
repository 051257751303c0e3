import type { QuietHours } from '../../contracts/entities/notice.ts';
import { MINUTE } from '../shared/clock.ts';

const MINUTES_PER_DAY = 24 * 60;

const minutesOf = (timeOfDay: string): number =>
  Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3));

/** Minutes from one time of day to the next occurrence of another: 0 to 1,439. */
const minutesUntil = (from: number, to: number): number => (to - from + MINUTES_PER_DAY) % MINUTES_PER_DAY;

/** Whether the clocks of the time zone show a time within the quiet hours. */
function quietness({ from, to, time_zone }: QuietHours): (at: Date) => boolean {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: time_zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const begin = minutesOf(from);
  const length = minutesUntil(begin, minutesOf(to));
  return (at) => minutesUntil(begin, minutesOf(clock.format(at))) < length;
}

/**
 * The first minute that is not quiet any more, if `at` is in the quiet hours; else undefined. Looks at every minute, so that
 * it is right on the days when clocks change, too: at most 25 hours, 2 ms.
 */
export function endOfQuietHours(quiet: QuietHours | null, at: Date): Date | undefined {
  if (quiet === null) return undefined;
  const isQuiet = quietness(quiet);
  if (!isQuiet(at)) return undefined;
  let end = Math.floor(at.getTime() / MINUTE) * MINUTE + MINUTE;
  while (isQuiet(new Date(end))) end += MINUTE;
  return new Date(end);
}
