import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { FILE_ENDINGS, mediaTypeOfName } from '../../../../contracts/rules/file-kinds.ts';
import { isSentInParts } from '../../../../contracts/rules/multipart.ts';
import { ApiError, hasCode } from '../../lib/api/problem.ts';
import { keys } from '../../lib/api/keys.ts';
import type { File as StoredFile } from '../../lib/api/types.ts';
import { getFile } from './api/get-file.ts';
import { announce } from './api/upload-file.ts';
import { unfinishedUpload } from './api/upload-parts.ts';
import { sendForm } from './send-form.ts';
import { sendInParts } from './send-parts.ts';
import { inspected, upload, type UploadPorts, type UploadStep } from './upload.ts';

export interface Upload {
  /** Of this attachment, not of the file. */
  readonly key: string;
  readonly name: string;
  readonly size: number;
  /** The bytes, where they came from this page; a file of earlier has none. */
  readonly local?: File;
  readonly step: UploadStep;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The `Idempotency-Key` of an announcement: the same until it was answered, since the form that comes back expires. */
interface AnnouncementKey {
  current: string;
}

const portsFor = (file: File, key: AnnouncementKey): UploadPorts => ({
  announce: async () => {
    const type = mediaTypeOfName(file.name);
    if (!type) throw new Error(`A file ending in ${FILE_ENDINGS.join(', ')} is needed.`);
    if (file.size === 0) throw new Error('The file is empty.');
    const unfinished = isSentInParts(file.size) ? await unfinishedUpload(file) : undefined;
    if (unfinished) return { file: unfinished, send: 'parts' };
    const announced = await announce(file, type, key.current).catch((error: unknown) => {
      const field = error instanceof ApiError ? error.problem.errors?.[0] : undefined;
      throw field ? new Error(field.message, { cause: error }) : error;
    });
    key.current = crypto.randomUUID();
    return { file: announced.file, send: announced.multipart ? 'parts' : announced.upload };
  },
  send: ({ file: { id }, send }, bytes, onProgress, signal) =>
    send === 'parts' ? sendInParts(id, bytes, onProgress, signal) : sendForm(send, bytes, onProgress, signal),
  look: getFile,
  wait,
});

/** Id of the stored file, once its bytes have arrived. */
const storedId = ({ step }: Upload): string | undefined =>
  step.at === 'ready' ? step.file.id : step.at === 'inspecting' ? step.id : undefined;

const stepOf = (file: StoredFile): UploadStep =>
  file.status === 'ready'
    ? { at: 'ready', file }
    : file.status === 'pending'
      ? { at: 'inspecting', id: file.id }
      : { at: 'rejected', reason: file.rejected_reason ?? 'The file was rejected.' };

const uploadOf = (file: StoredFile): Upload => ({
  key: file.id,
  name: file.filename,
  size: file.size_bytes,
  step: stepOf(file),
});

const found = (id: string): Promise<StoredFile | undefined> =>
  getFile(id).catch((error: unknown) => {
    if (hasCode(error, 'not_found')) return undefined; // deleted meanwhile
    throw error;
  });

/** The files that this page sends or has picked, each with how far it is. */
export function useUploads() {
  const client = useQueryClient();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const running = useRef(new Map<string, AbortController>());
  const announcements = useRef(new Map<string, AnnouncementKey>());

  useEffect(() => {
    const controllers = running.current;
    return () => {
      for (const controller of controllers.values()) controller.abort();
    };
  }, []);

  const follow = useCallback(
    (key: string, work: (onStep: (step: UploadStep) => void, signal: AbortSignal) => Promise<unknown>) => {
      const controller = new AbortController();
      running.current.set(key, controller);
      const onStep = (step: UploadStep) =>
        setUploads((all) => all.map((one) => (one.key === key ? { ...one, step } : one)));
      void work(onStep, controller.signal).then(() => {
        running.current.delete(key);
        return client.invalidateQueries({ queryKey: keys.files });
      });
    },
    [client],
  );
  const start = (key: string, file: File) => {
    const announcement = announcements.current.get(key) ?? { current: crypto.randomUUID() };
    announcements.current.set(key, announcement);
    follow(key, (onStep, signal) => upload(file, portsFor(file, announcement), onStep, signal));
  };
  const add = (files: readonly File[]) => {
    const added = files.map((local): Upload => {
      const { name, size } = local;
      return { key: crypto.randomUUID(), name, size, local, step: { at: 'announcing' } };
    });
    setUploads((all) => [...all, ...added]);
    for (const { key, local } of added) if (local) start(key, local);
  };
  const adopt = (file: StoredFile) =>
    setUploads((all) => (all.some((one) => storedId(one) === file.id) ? all : [...all, uploadOf(file)]));
  const remove = (key: string) => {
    running.current.get(key)?.abort(new Error('removed'));
    setUploads((all) => all.filter((one) => one.key !== key));
  };
  const retry = ({ key, local }: Upload) => {
    if (local) start(key, local);
  };

  /** Attaches exactly these stored files; what is still being sent from here stays. Deleted files are left out. */
  const attach = useCallback(
    async (ids: readonly string[]): Promise<void> => {
      const files = (await Promise.all(ids.map(found))).filter((file) => file !== undefined);
      setUploads((all) => {
        const stays = all.filter((one) => storedId(one) === undefined || ids.includes(storedId(one)!));
        const known = new Set(stays.map(storedId));
        return [...stays, ...files.filter(({ id }) => !known.has(id)).map(uploadOf)];
      });
      for (const { id, status } of files)
        if (status === 'pending' && !running.current.has(id))
          follow(id, (onStep, signal) => looked(id, onStep, signal));
    },
    [follow],
  );
  return { uploads, add, adopt, remove, retry, attach };
}
export type Uploads = ReturnType<typeof useUploads>;

/** Waits for the inspection of a file whose bytes were sent earlier. */
const looked = (id: string, onStep: (step: UploadStep) => void, signal: AbortSignal): Promise<void> =>
  inspected(id, { look: getFile, wait }, signal).then(
    (step) => {
      if (!signal.aborted) onStep(step);
    },
    (error: unknown) => {
      if (!signal.aborted)
        onStep({ at: 'failed', reason: error instanceof Error ? error.message : 'It cannot be looked at.' });
    },
  );

export const readyFiles = (uploads: readonly Upload[]): StoredFile[] =>
  uploads.flatMap(({ step }) => (step.at === 'ready' ? [step.file] : []));
export const isBusy = (uploads: readonly Upload[]): boolean =>
  uploads.some(({ step }) => step.at === 'announcing' || step.at === 'sending' || step.at === 'inspecting');
/** Ids of the files that have arrived: they stay attached over a reload. */
export const attachedIds = (uploads: readonly Upload[]): string[] =>
  uploads.map(storedId).filter((id) => id !== undefined);
