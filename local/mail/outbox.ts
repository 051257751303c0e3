import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { replaceFile } from '../files.ts';

const Text = z.object({ Data: z.string() });

/** The parts of SESv2's SendEmail that our functions use. */
export const SendEmail = z.object({
  FromEmailAddress: z.string(),
  Destination: z.object({ ToAddresses: z.array(z.string()).length(1) }),
  Content: z.object({
    Simple: z.object({
      Subject: Text,
      Body: z.object({ Text }),
      Headers: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
    }),
  }),
});
export type SendEmail = z.infer<typeof SendEmail>;

/** A message of the outbox, as its page lists it. */
export interface OutboxEntry {
  /** Name of its file, without `.eml`. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly date: string;
}

/** A folder with one `.eml` file per message, which mail programs open. */
export interface Outbox {
  /** Stores a message before it returns. @returns the id of the message */
  add(message: SendEmail): string;
  /** Newest first. */
  list(): OutboxEntry[];
  /** The source of a message; undefined if there is none of this name. */
  read(id: string): string | undefined;
}

/** Names of messages sort by time. */
const ID = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/;

export function outbox(folder: string, clock: () => Date = () => new Date()): Outbox {
  mkdirSync(folder, { recursive: true });
  const fileOf = (id: string): string => join(folder, `${id}.eml`);
  const ids = (): string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.eml'))
      .map((name) => name.slice(0, -'.eml'.length))
      .filter((id) => ID.test(id));
  return {
    add(message) {
      const at = clock();
      const id = `${at.toISOString().replaceAll(/[-:.]/g, '')}-${randomUUID().slice(0, 8)}`;
      replaceFile(fileOf(id), sourceOf(message, id, at));
      return id;
    },
    list: () =>
      ids()
        .sort()
        .reverse()
        .map((id) => {
          const source = readFileSync(fileOf(id), 'utf8');
          return {
            id,
            to: headerOf(source, 'To'),
            subject: headerOf(source, 'Subject'),
            date: headerOf(source, 'Date'),
          };
        }),
    read: (id) => (ids().includes(id) ? readFileSync(fileOf(id), 'utf8') : undefined),
  };
}

/** The source of a message (RFC 5322). Headers of UTF-8 are allowed by RFC 6532. */
function sourceOf({ FromEmailAddress, Destination, Content }: SendEmail, id: string, at: Date): string {
  const { Subject, Body, Headers } = Content.Simple;
  const headers = [
    ['From', FromEmailAddress],
    ['To', Destination.ToAddresses.join(', ')],
    ['Subject', Subject.Data],
    ['Date', at.toUTCString().replace('GMT', '+0000')],
    ['Message-ID', `<${id}@dukenet.local>`],
    ...Headers.map(({ Name, Value }) => [Name, Value]),
    ['MIME-Version', '1.0'],
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Content-Transfer-Encoding', '8bit'],
  ];
  const lines = headers.map(([name, value]) => `${name}: ${value?.replaceAll(/[\r\n]+/g, ' ')}`);
  return [...lines, '', ...Body.Text.Data.split('\n')].join('\r\n');
}

const headerOf = (source: string, name: string): string =>
  new RegExp(`^${name}: (.*)\r$`, 'm').exec(source)?.[1] ?? '';
