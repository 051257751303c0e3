import { open } from 'node:fs/promises';

export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly at: number;
}
export interface LogSearch {
  /** The last value of each metric found. */
  readonly metrics: Metric[];
  /** Bytes read so far, in whole lines. */
  readonly read: number;
}

/** Longer lines are not metrics, and a careless expression could take long on them. */
const MAX_LINE_LENGTH = 4096;
const CHUNK = 1024 * 1024;

/** Searches the lines added to a log since `before` for the first group of each expression, as a number. */
export async function searchLog(
  log: string,
  definitions: readonly { readonly Name: string; readonly Regex: string }[],
  before: LogSearch,
): Promise<LogSearch> {
  if (definitions.length === 0) return before;
  const last = new Map(before.metrics.map((metric) => [metric.name, metric]));
  const expressions = definitions.map(({ Name, Regex }) => ({ name: Name, expression: new RegExp(Regex) }));
  let read = before.read;
  for await (const { line, end } of lines(log, read)) {
    for (const { name, expression } of expressions) {
      const value = Number(expression.exec(line)?.[1] ?? NaN);
      if (Number.isFinite(value)) last.set(name, { name, value, at: Date.now() });
    }
    read = end;
  }
  return { metrics: [...last.values()], read };
}

/** The whole lines after `start`, each with its end in bytes. */
async function* lines(log: string, start: number): AsyncGenerator<{ line: string; end: number }> {
  const handle = await open(log);
  try {
    const buffer = Buffer.alloc(CHUNK);
    let at = start;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, at);
      const chunk = buffer.subarray(0, bytesRead);
      const whole = chunk.lastIndexOf(0x0a) + 1;
      // Skips a line longer than the buffer.
      if (whole === 0 && bytesRead < CHUNK) return;
      let from = 0;
      for (let to = chunk.indexOf(0x0a); to !== -1; to = chunk.indexOf(0x0a, from)) {
        if (to - from <= MAX_LINE_LENGTH) yield { line: chunk.toString('utf8', from, to), end: at + to + 1 };
        from = to + 1;
      }
      at += whole || bytesRead;
    }
  } finally {
    await handle.close();
  }
}
