import { sendBytes } from './send-bytes.ts';

export interface UploadForm {
  url: string;
  fields: Record<string, string>;
}

/** Sends the bytes as multipart POST, all fields first as S3 demands. `onProgress` gets 0..1. */
export function sendForm(
  form: UploadForm,
  file: Blob,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append('file', file);
  // The form is a little larger than the file.
  const onSent = (bytes: number): void => onProgress(Math.min(1, bytes / file.size));
  return sendBytes({ method: 'POST', url: form.url, body }, onSent, signal);
}
