import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

const Answer = z.object({ accuracy: z.number(), answers: z.int() });
const run = promisify(execFile);

/** Accuracy of TF-IDF + logistic regression on the same table. */
export async function baselineAccuracy(
  python: string,
  table: string,
  truth: readonly string[],
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'dukenet-demo-'));
  try {
    await writeFile(join(folder, 'table.csv'), table);
    await writeFile(join(folder, 'truth.json'), JSON.stringify(truth));
    const script = join(import.meta.dirname, '..', '..', 'benchmarks', 'contenders', 'tfidf_baseline.py');
    const { stdout } = await run(python, [script, join(folder, 'table.csv'), join(folder, 'truth.json')]);
    return Answer.parse(JSON.parse(stdout)).accuracy;
  } finally {
    await rm(folder, { recursive: true });
  }
}
