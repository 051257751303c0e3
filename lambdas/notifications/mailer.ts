import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import type { Email } from './compose.ts';

/** Hands e-mails to the service that sends them. */
export interface Mailer {
  send(email: Email): Promise<void>;
}

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

/** @param from the sender's address, a verified identity of SES */
export const sesMailer = (from: string, client = new SESv2Client()): Mailer => ({
  async send({ to, subject, text, unsubscribeUrl }) {
    await client.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: {
          Simple: {
            Subject: utf8(subject),
            Body: { Text: utf8(text) },
            Headers: [
              { Name: 'List-Unsubscribe', Value: `<${unsubscribeUrl}>` },
              { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
              { Name: 'Auto-Submitted', Value: 'auto-generated' },
            ],
          },
        },
      }),
    );
  },
});
