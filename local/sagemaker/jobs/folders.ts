import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { JobFailure } from './failure.ts';
import type { Objects } from './objects.ts';
import type { Place, Plan } from './plan.ts';

/** A place with its folder where it is on this machine. */
export const placed = (ml: string, { folder, uri }: Place): Place => ({ folder: join(ml, folder), uri });

/**
 * Makes what stands for `/opt/ml` from nothing: configuration, data, the checkpoint to go on from.
 * @throws JobFailure when there is nothing under an input's URI, or S3 refuses
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

/** A container that is started again has nothing of what the one before it has written, except its checkpoint. */
export async function emptyOutputs(ml: string, { empty }: Plan): Promise<void> {
  for (const folder of empty) {
    await rm(join(ml, folder), { recursive: true, force: true });
    await mkdir(join(ml, folder), { recursive: true });
  }
}

/** Leaves of a finished job what helps to see why it went as it did: configuration and output, not the data. */
export async function tidy(ml: string, { inputs, archives, checkpoint }: Plan): Promise<void> {
  const heavy = [...inputs, ...archives, ...(checkpoint ? [checkpoint] : [])];
  for (const { folder } of heavy) await rm(join(ml, folder), { recursive: true, force: true });
}
