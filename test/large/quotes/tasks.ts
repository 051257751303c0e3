import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod';

const Row = z.strictObject({
  fields: z.record(z.string(), z.union([z.string(), z.number()])),
  expected: z.string(),
});
const LabelledTask = z.strictObject({
  domain: z.string(),
  description: z.string(),
  labels: z.array(z.string()),
  examples: z.array(Row),
  items: z.array(Row),
});
/** A task of `python -m benchmarks quotes`, with the expected answer of each item. */
export type LabelledTask = z.infer<typeof LabelledTask>;

/** Reads the tasks one at a time: together they take 60 MB. */
export async function* readTasks(path: string): AsyncGenerator<LabelledTask> {
  for await (const line of createInterface({ input: createReadStream(path) }))
    yield LabelledTask.parse(JSON.parse(line));
}
