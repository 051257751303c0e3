import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import * as z from 'zod';
import type { ViewerEvent } from '../../lib/edge/viewer-event.d.ts';

const FOLDER = join(import.meta.dirname, '../../lib/edge');
const Request = z.object({ uri: z.string(), headers: z.record(z.string(), z.object({ value: z.string() })) });

/** A CloudFront Function of `lib/edge/`, run by this process. */
export function viewerFunction(file: string): (event: ViewerEvent) => z.infer<typeof Request> {
  const code = readFileSync(join(FOLDER, file), 'utf8');
  const handler = z.custom<(event: ViewerEvent) => unknown>((value) => typeof value === 'function');
  const handle = handler.parse(runInNewContext(`${code}; handler`, {}, { filename: file }));
  return (event) => Request.parse(handle(event));
}
