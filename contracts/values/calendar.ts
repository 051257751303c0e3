const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-](\d{2}):?(\d{2}))?)?$/;

const leapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const daysIn = (year: number, month: number): number =>
  month === 2 && leapYear(year) ? 29 : (DAYS[month - 1] ?? 0);

/** Whether a text is a valid calendar date, with or without a time (ISO 8601). 29 February 2023 is not. */
export function isDate(text: string): boolean {
  const parts = ISO.exec(text);
  if (!parts) return false;
  const [year, month, day, hour, minute, second, zoneHour, zoneMinute] = parts
    .slice(1)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number, number, number];
  const time = hour <= 23 && minute <= 59 && second <= 60;
  const midnight = hour === 24 && minute === 0 && second === 0;
  return day >= 1 && day <= daysIn(year, month) && (time || midnight) && zoneHour <= 14 && zoneMinute <= 59;
}
