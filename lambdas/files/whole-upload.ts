import type { Upload } from './upload.ts';

/** All bytes of an upload, whose size the inspection has checked against the limit of its kind. */
export async function wholeUpload({ open, print }: Upload): Promise<Buffer> {
  const bytes = Buffer.alloc(print.size);
  let size = 0;
  for await (const chunk of await open()) {
    bytes.set(chunk, size);
    size += chunk.length;
  }
  return bytes;
}
