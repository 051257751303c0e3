import { LIMITS } from '../../limits.ts';
import type { Limit } from '../../limits.ts';

const BYTE_UNITS = [
  ['MB', 1024 * 1024],
  ['KB', 1024],
] as const;

function bytes(value: number): string {
  const [unit, size] = BYTE_UNITS.find(([, each]) => value % each === 0) ?? ['bytes', 1];
  return `${(value / size).toLocaleString('en')} ${unit}`;
}

/** Formats a limit: `100 MB`, `4,000 characters`, `±1e100`. */
export function limitInWords({ value, unit }: Limit): string {
  if (unit === 'bytes') return bytes(value);
  if (unit === 'absolute value') return `±${value.toExponential().replace('+', '')}`;
  return unit === 'count' ? value.toLocaleString('en') : `${value.toLocaleString('en')} ${unit}`;
}

/** All limits of the API as a Markdown table, used in the reference and in `docs/api.md`. */
export const limitsTable = (): string =>
  [
    '| what | at most |',
    '| --- | --- |',
    ...Object.values(LIMITS).map((limit) => `| ${limit.what} | ${limitInWords(limit)} |`),
  ].join('\n');
