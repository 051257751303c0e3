import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { JobFailure } from './failure.ts';
import type { Objects } from './objects.ts';
import type { Place, Plan } from './plan.ts';

/** A folder of the job and its path on this machine. */
export const placed = (ml: string, { folder, uri }: Place): Place => ({ folder: join(ml, folder), uri });

/**
 * Creates the job's `/opt/ml`: configuration, data, and the checkpoint to resume from.
 * @throws JobFailure if there is nothing under the URI of an input, or S3 refuses
 */
export async function prepare(ml: string, plan: Plan, objects: Objects, signal: AbortSignal): Promise<void> {
  await rm(ml, { recursive: true, force: true });
  for (const [path, content] of Object.entries(plan.files)) {
    const file = join(ml, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(content)}\n`);
  }
  for (const input of plan.inputs) {
    const files = await objects.fetch(placed(ml, input), signal);
    if (files === 0) throw new JobFailure(`ClientError: no S3 objects found under "${input.uri}".`);
  }
  if (!plan.checkpoint) return;
  const checkpoint = placed(ml, plan.checkpoint);
  await mkdir(checkpoint.folder, { recursive: true });
  await objects.fetch(checkpoint, signal);
}

/** A restarted container loses everything that its predecessor wrote, except the checkpoint. */
export async function emptyOutputs(ml: string, { empty }: Plan): Promise<void> {
  for (const folder of empty) {
    await rm(join(ml, folder), { recursive: true, force: true });
    await mkdir(join(ml, folder), { recursive: true });
  }
}

/** Keeps configuration and output of a finished job for diagnosis, and deletes its data. */
export async function tidy(ml: string, { inputs, archives, checkpoint }: Plan): Promise<void> {
  const heavy = [...inputs, ...archives, ...(checkpoint ? [checkpoint] : [])];
  for (const { folder } of heavy) await rm(join(ml, folder), { recursive: true, force: true });
}
