import { Worker } from 'node:worker_threads';
import type { FilePreview } from '../../../contracts/api/previews.ts';
import type { Drawing } from './draw.ts';

/** In the repository a module; beside the bundle of the function a bundle of its own (lib/shared/beside-bundles.ts). */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './draw-worker.ts' : './draw-worker.mjs',
  import.meta.url,
);
/** Below the timeout of the function, so that the caller gets an answer. */
const TIME_LIMIT_MS = 20_000;
/** Of JavaScript; the memory of WebAssembly is bounded by that of the function. */
const HEAP_MB = 512;

type Answer = { readonly preview: FilePreview } | { readonly error: string };

/** The thread of the last drawing, in which its libraries are compiled; undefined after a failure. */
let idle: Worker | undefined;
/** The drawing in progress: a thread draws one file at a time. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Draws a file in a thread. Decoders run to their end once they have begun; only a thread can be stopped. A thread that
 * failed is not used again.
 * @throws Error if the bytes cannot be decoded, or not within the time limit
 */
export function drawInWorker(drawing: Drawing, timeLimitMs: number = TIME_LIMIT_MS): Promise<FilePreview> {
  const drawn = last.then(() => drawNow(drawing, timeLimitMs));
  last = drawn.catch(() => undefined); // The caller gets the error.
  return drawn;
}

function newWorker(): Worker {
  const worker = new Worker(WORKER, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  // A thread that fails between two drawings harms neither: the next one gets a new thread.
  return worker.on('error', () => {
    if (idle === worker) idle = undefined;
  });
}

async function drawNow({ format, bytes, page }: Drawing, timeLimitMs: number): Promise<FilePreview> {
  const worker = idle ?? newWorker();
  idle = undefined;
  worker.ref();
  try {
    const answer = await answerOf(worker, { format, bytes, page }, timeLimitMs);
    if ('error' in answer) throw new Error(answer.error);
    idle = worker;
    // A process may end while its thread waits.
    worker.unref();
    return answer.preview;
  } finally {
    if (idle !== worker) await worker.terminate();
  }
}

/** @throws Error if the thread ends or does not answer in time */
function answerOf(worker: Worker, drawing: Drawing, timeLimitMs: number): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const settled = (): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    const onMessage = (answer: Answer): void => {
      settled();
      resolve(answer);
    };
    const onError = (error: unknown): void => {
      settled();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onExit = (code: number): void => onError(new Error(`the drawing ended with code ${code}`));
    const timer = setTimeout(() => onError(new Error('the drawing took too long')), timeLimitMs);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(drawing);
  });
}
