import * as z from 'zod';
import { NotificationSettings } from '../entities/notice.ts';
import { everyone, open, operations } from './operation.ts';

export const NotificationSettingsView = NotificationSettings.extend({
  delivery: z.enum(['email', 'off']).meta({
    description: '`off` if this platform has no sender address configured: no e-mails are sent at all.',
    example: 'email',
  }),
}).meta({
  id: 'NotificationSettingsView',
  description: 'The settings, and whether e-mails are sent at all.',
});
export type NotificationSettingsView = z.infer<typeof NotificationSettingsView>;

export const NotificationChange = NotificationSettings.partial().meta({
  id: 'NotificationChange',
  description: 'The settings to change.',
  example: { quiet_hours: { from: '22:00', to: '07:00', time_zone: 'Europe/Berlin' } },
});
export type NotificationChange = z.infer<typeof NotificationChange>;

const page = z.string().meta({ description: 'An HTML page.' });
const token = z.strictObject({
  token: z
    .string()
    .max(200)
    .regex(/^[\w-]+$/, 'letters, digits, - and _')
    .meta({
      description: 'The token of the link in the e-mail.',
      example: 'w7Jm0h3cYbq8Zt2s5nXw9rLd4uEo6aTf',
    }),
});

export const notificationOperations = operations({
  getNotificationSettings: {
    method: 'GET',
    path: '/notifications/settings',
    capability: 'notifications',
    summary: 'Which e-mails I get, and when',
    description: 'All types of notices are on until they are turned off.',
    access: everyone,
    status: 200,
    answer: 'The settings.',
    response: NotificationSettingsView,
    errors: [],
  },
  updateNotificationSettings: {
    method: 'PATCH',
    path: '/notifications/settings',
    capability: 'notifications',
    summary: 'Change which e-mails I get, and when',
    description:
      'Changes only the given settings. During quiet hours notices wait; when they are over, what is still true comes as one e-mail.',
    access: everyone,
    body: NotificationChange,
    status: 200,
    answer: 'The settings after the change.',
    response: NotificationSettingsView,
    errors: [],
  },
  unsubscribePage: {
    method: 'GET',
    path: '/notifications/unsubscribe',
    capability: 'notifications',
    summary: 'The page behind the unsubscribe link of an e-mail',
    description:
      'Shows a button that unsubscribes. Opening the page changes nothing, since mail scanners open links. Answers 422 if the token is not from one of our e-mails.',
    access: open,
    query: token,
    status: 200,
    answer: 'An HTML page.',
    produces: 'text/html',
    response: page,
    errors: [],
  },
  unsubscribe: {
    method: 'POST',
    path: '/notifications/unsubscribe',
    capability: 'notifications',
    summary: 'Unsubscribe from all e-mails',
    description:
      'One click (RFC 8058): mail clients send it from `List-Unsubscribe`, the page from its button. No session is needed; the token names the account. It can be undone in the settings.',
    access: open,
    query: token,
    status: 200,
    answer: 'An HTML page.',
    produces: 'text/html',
    response: page,
    errors: [],
  },
});
