export interface UploadForm {
  url: string;
  fields: Record<string, string>;
}

const codeIn = (xml: string): string => /<Code>([A-Za-z]+)<\/Code>/.exec(xml)?.[1] ?? '';

const REASONS: Record<string, string> = {
  EntityTooLarge: 'The file is larger than was announced.',
  EntityTooSmall: 'The file is smaller than was announced.',
  AccessDenied: 'The time to send the file is over.',
};

/**
 * Sends the bytes as multipart POST, all fields first as S3 demands. `onProgress` gets 0..1.
 * XMLHttpRequest, because fetch does not tell how far an upload is.
 */
export const sendForm = (
  form: UploadForm,
  file: Blob,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
    body.append('file', file);
    const request = new XMLHttpRequest();
    request.open('POST', form.url);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve();
      reject(new Error(REASONS[codeIn(request.responseText)] ?? `The store answered ${request.status}.`));
    };
    request.onerror = () => reject(new Error('The connection broke while the file was on its way.'));
    request.onabort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
