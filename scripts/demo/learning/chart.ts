import type { Judged } from './buyer.ts';

/** Window of the success rate in tasks. A task counts by its share of correct items. */
export const WINDOW = 100;
const WIDTH = 50;

export interface Success {
  readonly tasks: number;
  readonly duke: number;
  readonly frozen: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * @returns success rates; NaN without tasks
 */
export const successOf = (tasks: readonly Judged[]): Success => ({
  tasks: tasks.length,
  duke: mean(tasks.map(({ right, items }) => right / items)),
  frozen: mean(tasks.map(({ frozenRight, items }) => frozenRight / items)),
});

export const percent = (share: number): string => `${(100 * share).toFixed(1).padStart(5)} %`;

/** A scale from 0 to 100 %: ● Duke MM, ○ the frozen version, ◉ both. */
export function bar({ duke, frozen }: Success): string {
  const place = (share: number): number => Math.round(share * (WIDTH - 1));
  const cells = Array.from({ length: WIDTH }, () => '·');
  cells[place(frozen)] = '○';
  cells[place(duke)] = place(duke) === place(frozen) ? '◉' : '●';
  return cells.join('');
}

export const chartHead = (frozen: string): string =>
  `  tasks outcomes version  0 %${' '.repeat(WIDTH - 8)}100 %  Duke MM  frozen v${frozen}   success of the last ${WINDOW}`;

/** The line of the chart after a number of tasks. Time runs downwards, so that no line is redrawn. */
export function chartLine(judged: readonly Judged[], note: string): string {
  const success = successOf(judged.slice(-WINDOW));
  const outcomes = judged.reduce((sum, task) => sum + task.items, 0);
  const leftColumns = [String(judged.length).padStart(7), String(outcomes).padStart(8)].join(' ');
  const version = `v${judged.at(-1)!.version}`.padStart(7);
  return `${leftColumns} ${version}  ${bar(success)}  ${percent(success.duke)}     ${percent(success.frozen)}   ${note}`.trimEnd();
}
