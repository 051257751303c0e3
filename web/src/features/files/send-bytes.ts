import { errorOf, ApiError, localProblem } from '../../../../client/typescript/src/errors.ts';

export interface BytesToSend {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: FormData | Blob;
}

const codeIn = (xml: string): string => /<Code>([A-Za-z]+)<\/Code>/.exec(xml)?.[1] ?? '';

const REASONS: Record<string, string> = {
  EntityTooLarge: 'The file is larger than was announced.',
  EntityTooSmall: 'The file is smaller than was announced.',
  AccessDenied: 'The time to send the file is over.',
  BadDigest: 'The file has changed while it was sent.',
  NoSuchUpload: 'The upload was removed. Send the file again.',
};

/**
 * Sends bytes to the storage. `onSent` gets the number of bytes that have left. XMLHttpRequest, because fetch does not tell
 * how far an upload is.
 * @throws ApiError with status 0 for a broken connection
 */
export const sendBytes = (
  { method, url, headers = {}, body }: BytesToSend,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve();
      const reason = REASONS[codeIn(request.responseText)];
      const response = new Response(null, { status: request.status });
      reject(
        reason === undefined
          ? errorOf(response, undefined)
          : new ApiError(localProblem(request.status, 'storage', 'The storage rejected the bytes', reason)),
      );
    };
    request.onerror = () =>
      reject(
        new ApiError(
          localProblem(0, 'unreachable', 'No connection', 'The connection broke during the upload.'),
        ),
      );
    request.onabort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
