import { Readable } from 'node:stream';
import { ObjectMissing } from '../../../lambdas/shared/objects.ts';
import type { ObjectStore } from '../../../lambdas/shared/objects.ts';

/** A bucket in memory; `objects` is there to look into. */
export function memoryObjects(bucket: string): ObjectStore & { readonly objects: Map<string, Buffer> } {
  const objects = new Map<string, Buffer>();
  const read = (key: string): Buffer => {
    const found = objects.get(key);
    if (!found) throw new ObjectMissing(`${bucket}/${key}`);
    return found;
  };
  return {
    bucket,
    objects,
    text: async (key) => read(key).toString('utf8'),
    stream: async (key) => Readable.from([read(key)]),
    put: async (key, body) => {
      objects.set(key, Buffer.from(body));
    },
    remove: async (key) => {
      objects.delete(key);
    },
    size: async (key) => objects.get(key)?.length,
  };
}
