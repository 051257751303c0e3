import type { File as StoredFile } from '../../lib/api/types.ts';
import type { UploadForm } from './send-form.ts';

/** A file to send: by a form, or in parts where the upload can be resumed. */
export interface AnnouncedFile {
  readonly file: StoredFile;
  readonly send: UploadForm | 'parts';
}

export type UploadStep =
  | { readonly at: 'announcing' }
  | { readonly at: 'inspecting'; readonly id: string }
  | { readonly at: 'sending'; /** 0..1 */ readonly progress: number }
  | { readonly at: 'ready'; readonly file: StoredFile }
  | { readonly at: 'rejected' | 'failed'; readonly reason: string };

export interface UploadPorts {
  announce: (file: Blob) => Promise<AnnouncedFile>;
  send: (
    announced: AnnouncedFile,
    file: Blob,
    onProgress: (share: number) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  look: (id: string) => Promise<StoredFile>;
  wait: (ms: number) => Promise<void>;
}

/** An inspection takes seconds; one that takes this long is looked at later, in the list of files. */
const PATIENCE_MS = 300_000;
const FIRST_WAIT_MS = 400;
const MAX_WAIT_MS = 3_000;

/** Looks at a file until its inspection has ended. @throws what `look` throws, or the reason of the signal */
export async function inspected(
  id: string,
  ports: Pick<UploadPorts, 'look' | 'wait'>,
  signal: AbortSignal,
): Promise<UploadStep> {
  let waited = 0;
  for (let pause = FIRST_WAIT_MS; waited < PATIENCE_MS; pause = Math.min(pause * 1.5, MAX_WAIT_MS)) {
    await ports.wait(pause);
    waited += pause;
    signal.throwIfAborted();
    const file = await ports.look(id);
    if (file.status === 'ready') return { at: 'ready', file };
    if (file.status === 'rejected')
      return { at: 'rejected', reason: file.rejected_reason ?? 'The file was rejected.' };
  }
  return { at: 'failed', reason: 'The inspection takes long. The file will appear under Files.' };
}

/** Announce, send, wait for the inspection; `onStep` hears of each step, the last one is returned too. */
export async function upload(
  file: Blob,
  ports: UploadPorts,
  onStep: (step: UploadStep) => void,
  signal: AbortSignal,
): Promise<UploadStep> {
  const tell = (step: UploadStep) => {
    if (!signal.aborted) onStep(step);
    return step;
  };
  try {
    tell({ at: 'announcing' });
    const announced = await ports.announce(file);
    tell({ at: 'sending', progress: 0 });
    await ports.send(announced, file, (progress) => tell({ at: 'sending', progress }), signal);
    tell({ at: 'inspecting', id: announced.file.id });
    return tell(await inspected(announced.file.id, ports, signal));
  } catch (error) {
    return tell({ at: 'failed', reason: error instanceof Error ? error.message : 'The upload failed.' });
  }
}
