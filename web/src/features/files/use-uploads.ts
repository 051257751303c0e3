import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../lib/api/problem.ts';
import { keys } from '../../lib/api/keys.ts';
import type { File as StoredFile } from '../../lib/api/types.ts';
import { getFile } from './api/get-file.ts';
import { announce, contentTypeOf, ENDINGS } from './api/upload-file.ts';
import { sendForm } from './send-form.ts';
import { upload, type UploadPorts, type UploadStep } from './upload.ts';

export interface Upload {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  /** The bytes, where they came from this page; a file of earlier has none. */
  readonly local?: File;
  readonly step: UploadStep;
}

const portsFor = (file: File): UploadPorts => ({
  announce: async () => {
    const type = contentTypeOf(file.name);
    if (!type) throw new Error(`A file ending in ${ENDINGS.join(', ')} is needed.`);
    if (file.size === 0) throw new Error('The file is empty.');
    return announce(file, type, crypto.randomUUID()).catch((error: unknown) => {
      const field = error instanceof ApiError ? error.problem.errors?.[0] : undefined;
      throw field ? new Error(field.message, { cause: error }) : error;
    });
  },
  send: sendForm,
  look: getFile,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});

/** The files that this page sends or has picked, each with how far it is. */
export function useUploads() {
  const client = useQueryClient();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const running = useRef(new Map<string, AbortController>());

  useEffect(() => {
    const controllers = running.current;
    return () => {
      for (const controller of controllers.values()) controller.abort();
    };
  }, []);

  const start = (key: string, file: File) => {
    const controller = new AbortController();
    running.current.set(key, controller);
    const onStep = (step: UploadStep) =>
      setUploads((all) => all.map((one) => (one.key === key ? { ...one, step } : one)));
    void upload(file, portsFor(file), onStep, controller.signal).then(() => {
      running.current.delete(key);
      return client.invalidateQueries({ queryKey: keys.files });
    });
  };
  const add = (files: readonly File[]) => {
    const added = files.map((local): Upload => {
      const { name, size } = local;
      return { key: crypto.randomUUID(), name, size, local, step: { at: 'announcing' } };
    });
    setUploads((all) => [...all, ...added]);
    for (const { key, local } of added) if (local) start(key, local);
  };
  const adopt = (file: StoredFile) => {
    const one: Upload = {
      key: file.id,
      name: file.filename,
      size: file.size_bytes,
      step: { at: 'ready', file },
    };
    setUploads((all) => (all.some(({ key }) => key === one.key) ? all : [...all, one]));
  };
  const remove = (key: string) => {
    running.current.get(key)?.abort(new Error('removed'));
    setUploads((all) => all.filter((one) => one.key !== key));
  };
  const retry = ({ key, local }: Upload) => {
    if (local) start(key, local);
  };
  return { uploads, add, adopt, remove, retry };
}
export type Uploads = ReturnType<typeof useUploads>;

export const readyFiles = (uploads: readonly Upload[]): StoredFile[] =>
  uploads.flatMap(({ step }) => (step.at === 'ready' ? [step.file] : []));
export const isBusy = (uploads: readonly Upload[]): boolean =>
  uploads.some(({ step }) => step.at === 'announcing' || step.at === 'sending' || step.at === 'inspecting');
