import type { Cursors } from '../shared/http/cursors.ts';
import { BASE_PATH } from '../../contracts/api/operation.ts';
import { notificationOperations } from '../../contracts/api/notifications.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { SettingsStore } from './settings-store.ts';

/** Separates these tokens from cursors, which the same key seals. */
const PURPOSE = 'unsubscribe';

/** Tokens that name an account and allow nothing but to unsubscribe it. They do not expire: old e-mails keep their links. */
export interface UnsubscribeTokens {
  tokenOf(userId: string): Promise<string>;
  /** @throws DukeError validation_failed */
  userOf(token: string): Promise<string>;
}

/** Address of the page that unsubscribes, which takes the one-click POST too. */
export const unsubscribeUrl = (webUrl: string, token: string): string =>
  `${webUrl}${BASE_PATH}${notificationOperations.unsubscribe.path}?token=${token}`;

export const unsubscribeTokens = (seals: Cursors): UnsubscribeTokens => ({
  tokenOf: (userId) => seals.seal(PURPOSE, userId),
  async userOf(token) {
    try {
      return await seals.open(PURPOSE, token);
    } catch (error) {
      if (!(error instanceof DukeError)) throw error;
      throw new DukeError('validation_failed', 'This link is not from one of our e-mails.', {
        errors: [{ path: 'token', message: 'use the whole link of the e-mail' }],
        cause: error,
      });
    }
  },
});

interface Dependencies {
  readonly tokens: UnsubscribeTokens;
  readonly settings: SettingsStore;
}

const pageOf = (title: string, body: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${body}
    </main>
  </body>
</html>
`;

/** The form sends a POST to the address of the page. @throws DukeError validation_failed */
export async function unsubscribePage({ tokens }: Dependencies, token: string): Promise<string> {
  await tokens.userOf(token);
  return pageOf(
    'Unsubscribe from DukeNET',
    '<p>You will get no more e-mails about your tasks.</p><form method="post"><button>Unsubscribe</button></form>',
  );
}

/** Turns all types of notices off; quiet hours stay. @throws DukeError validation_failed */
export async function unsubscribe({ tokens, settings }: Dependencies, token: string): Promise<string> {
  const userId = await tokens.userOf(token);
  await settings.put(userId, { ...(await settings.get(userId)), notices: [] });
  return pageOf('You are unsubscribed', '<p>You can turn e-mails on again in your settings.</p>');
}
