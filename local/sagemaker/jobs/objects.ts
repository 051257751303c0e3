import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, PutObjectCommand, S3Client, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { JobFailure } from './failure.ts';
import type { Place } from './plan.ts';

/** S3 operations of jobs: downloads and uploads whole folders, file by file, streaming. */
export class Objects {
  readonly #s3: S3Client;

  constructor(awsEndpoint: string, region: string) {
    this.#s3 = new S3Client({
      endpoint: awsEndpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      // Not every local S3 supports the encoding of checksums in trailers.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // Otherwise the SDK prints a warning for each interrupted upload, which is handled here.
      logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    });
  }

  /**
   * Downloads one object, or everything under a prefix, into a folder.
   * @returns the number of files
   * @throws JobFailure if a key would leave the folder, or S3 refuses
   */
  async fetch({ uri, folder }: Place, signal: AbortSignal): Promise<number> {
    const { bucket, key } = parseUri(uri);
    let files = 0;
    for await (const found of this.#keys(bucket, key, signal)) {
      const path =
        found === key ? found.slice(found.lastIndexOf('/') + 1) : found.slice(asFolder(key).length);
      const target = join(folder, path);
      if (relative(folder, target).split(sep)[0] === '..')
        throw new JobFailure(`ClientError: the key "${found}" would be written outside of its channel.`);
      await this.#get(bucket, found, target, signal);
      files++;
    }
    return files;
  }

  /**
   * @throws JobFailure if S3 refuses
   */
  async put(file: string, uri: string, signal: AbortSignal): Promise<void> {
    const { bucket, key } = parseUri(uri);
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      await this.#s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: size === 0 ? '' : handle.createReadStream({ start: 0, end: size - 1, autoClose: false }),
          ContentLength: size,
        }),
        { abortSignal: signal },
      );
    } catch (cause) {
      throw refused(cause, `could not upload to ${uri}`, signal);
    } finally {
      await handle.close();
    }
  }

  /** Uploads every file of a folder, sorted by name. */
  async putFolder({ folder, uri }: Place, signal: AbortSignal): Promise<void> {
    for (const path of await filesOf(folder))
      await this.put(join(folder, path), objectUri(uri, path), signal);
  }

  async *#keys(bucket: string, key: string, signal: AbortSignal): AsyncGenerator<string> {
    const pages = paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket: bucket, Prefix: key },
      { abortSignal: signal },
    );
    try {
      for await (const { Contents } of pages)
        for (const { Key = '' } of Contents ?? [])
          // Prefix `runs/1` must not include `runs/10`; keys that end with a slash are placeholders that consoles
          // create.
          if ((Key === key || Key.startsWith(asFolder(key))) && !Key.endsWith('/')) yield Key;
    } catch (cause) {
      throw refused(cause, `could not list s3://${bucket}/${key}`, signal);
    }
  }

  async #get(bucket: string, key: string, target: string, signal: AbortSignal): Promise<void> {
    await mkdir(dirname(target), { recursive: true });
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), {
        abortSignal: signal,
      });
      await pipeline(Body as Readable, createWriteStream(target), { signal });
    } catch (cause) {
      throw refused(cause, `could not fetch s3://${bucket}/${key}`, signal);
    }
  }
}

/** Paths of all regular files below a folder, sorted, with forward slashes; does not follow links. */
export async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function parseUri(uri: string): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri) ?? [];
  return { bucket, key };
}

const ignore = (): void => undefined;
const asFolder = (key: string): string => (key === '' || key.endsWith('/') ? key : `${key}/`);
export const objectUri = (prefix: string, path: string): string => `${prefix.replace(/\/$/, '')}/${path}`;

/** Converts an error of S3 to a JobFailure; returns aborts unchanged. */
function refused(cause: unknown, what: string, signal: AbortSignal): Error {
  if (signal.aborted || cause instanceof JobFailure) return cause as Error;
  const { name, message } = cause as Error;
  return new JobFailure(`ClientError: ${what}: ${name}: ${message}`, { cause });
}
