import { chooseEncoding } from '../../../../lambdas/files/choose-encoding.ts';
import { deleteFile } from '../../../../lambdas/files/delete-file.ts';
import { expireUploads } from '../../../../lambdas/files/expire-uploads.ts';
import { inspectFile } from '../../../../lambdas/files/inspect-file.ts';
import { inspectUpload } from '../../../../lambdas/files/inspect-upload.ts';
import { getFile } from '../../../../lambdas/files/read-files.ts';
import { uploadFile } from '../../../../lambdas/files/upload-file.ts';
import { objects } from '../../../../contracts/naming.ts';
import { HOUR } from '../../../../lambdas/shared/clock.ts';
import { newId } from '../../../../lambdas/shared/ids.ts';
import { inspectors } from '../inspectors.ts';
import type { Loop } from '../loop.ts';
import type { Scenario } from '../scenario.ts';
import { OWNER } from './tasks.ts';

const owner = OWNER.userId;
const CONTENT = Buffer.from('text,label\nca\u0301fe,ham\nb,spam\nc,\n');
const announced = { filename: 'mails.csv', content_type: 'text/csv', size_bytes: CONTENT.length } as const;

const withForm = (market: Loop) => ({
  ...market,
  transfer: {
    uploadTo: async (key: string) => ({ url: 'https://files', fields: { key }, expires_at: 'soon' }),
    downloadFrom: async (key: string) => key,
  },
});

/** A file that was announced, with these bytes sent. */
async function sent(market: Loop, bytes: Buffer = CONTENT): Promise<{ id: string; upload: string }> {
  const id = newId();
  await uploadFile(withForm(market), owner, announced, id);
  const upload = objects.upload('text', id);
  market.bucket.objects.set(upload, bytes);
  return { id, upload };
}

export async function ready(market: Loop): Promise<string> {
  const { id, upload } = await sent(market);
  if ((await inspectFile({ ...market, inspectors }, upload)) !== 'ready')
    throw new Error('the file was not ready');
  return id;
}

export const fileScenarios: Scenario[] = [
  {
    name: 'announce a file',
    caller: 'client',
    arrange: async (market) => {
      const id = newId();
      return async () => (await uploadFile(withForm(market), owner, announced, id)).file;
    },
  },
  {
    name: 'read a file',
    caller: 'client',
    arrange: async (market) => {
      const id = await ready(market);
      return () => getFile(withForm(market), OWNER, 'own', { id });
    },
  },
  {
    name: 'inspect a readable file',
    caller: 'queue',
    arrange: async (market) => {
      const { upload } = await sent(market);
      return () => inspectFile({ ...market, inspectors }, upload);
    },
  },
  {
    name: 'inspect a file of the wrong size',
    caller: 'queue',
    arrange: async (market) => {
      const { upload } = await sent(market, CONTENT.subarray(1));
      return () => inspectUpload({ ...market, inspectors }, upload, { lastTry: false });
    },
  },
  {
    name: 'choose an encoding',
    caller: 'client',
    arrange: async (market) => {
      const id = await ready(market);
      return () => chooseEncoding(market, owner, id, 'windows-1252');
    },
  },
  {
    name: 'delete a file',
    caller: 'client',
    toldOfRepetition: { refused: 'not_found' },
    arrange: async (market) => {
      const id = await ready(market);
      return async () => (await deleteFile(market, owner, id)) ?? 'deleted';
    },
  },
  {
    name: 'delete a rejected file',
    caller: 'client',
    toldOfRepetition: { refused: 'not_found' },
    arrange: async (market) => {
      const { id, upload } = await sent(market, CONTENT.subarray(1));
      await inspectFile({ ...market, inspectors }, upload);
      return async () => (await deleteFile(market, owner, id)) ?? 'deleted';
    },
  },
  {
    name: 'delete a file that was not sent',
    caller: 'client',
    toldOfRepetition: { refused: 'not_found' },
    arrange: async (market) => {
      const id = newId();
      await uploadFile(withForm(market), owner, announced, id);
      return async () => (await deleteFile(market, owner, id)) ?? 'deleted';
    },
  },
  {
    name: 'expire uploads',
    caller: 'queue',
    arrange: async (market) => {
      await sent(market);
      await uploadFile(withForm(market), owner, announced, newId());
      market.passTime(HOUR);
      return () => expireUploads(market);
    },
    // Bytes that an interrupted call left at the upload key go with the file.
    afterwards: async (market) => {
      const { items } = await market.files.list(owner, { limit: 10 });
      for (const { id, status } of items) {
        if (status !== 'rejected') throw new Error(`the upload is ${status}`);
        await deleteFile(market, owner, id);
      }
    },
  },
];
