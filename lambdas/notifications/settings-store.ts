import { DEFAULT_NOTIFICATIONS, NotificationSettings } from '../../contracts/entities/notice.ts';
import { keys } from '../../contracts/naming.ts';
import { parseRecord, record } from '../shared/stores/records.ts';
import type { Table } from '../shared/stores/table.ts';

/** Which notices each user gets by e-mail, and when. */
export interface SettingsStore {
  get(userId: string): Promise<NotificationSettings>;
  put(userId: string, settings: NotificationSettings): Promise<void>;
}

export const settingsStore = (table: Table): SettingsStore => ({
  async get(userId) {
    const item = await table.get(keys.notificationSettings(userId), { consistent: true });
    return item ? parseRecord(NotificationSettings, item) : DEFAULT_NOTIFICATIONS;
  },
  async put(userId, settings) {
    await table.write({
      put: record('notification_settings', keys.notificationSettings(userId), settings),
    });
  },
});
