/** Draws files in a thread of its own, one after the other, which its parent ends if one takes too long. */
import { parentPort } from 'node:worker_threads';
import { draw } from './draw.ts';
import type { Drawing } from './draw.ts';

parentPort?.on('message', ({ format, bytes, page }: Drawing) => {
  // A buffer arrives as its bytes alone.
  draw({ format, bytes: Buffer.from(bytes), page }).then(
    (preview) => parentPort?.postMessage({ preview }),
    (error: unknown) => parentPort?.postMessage({ error: String(error) }),
  );
});
