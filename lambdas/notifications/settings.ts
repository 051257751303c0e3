import type { NotificationChange, NotificationSettingsView } from '../../contracts/api/notifications.ts';
import type { SettingsStore } from './settings-store.ts';

export interface SettingsDependencies {
  readonly settings: SettingsStore;
  /** Whether the stage has a sender address. */
  readonly sendsEmail: boolean;
}

export async function getSettings(
  { settings, sendsEmail }: SettingsDependencies,
  userId: string,
): Promise<NotificationSettingsView> {
  return { ...(await settings.get(userId)), delivery: sendsEmail ? 'email' : 'off' };
}

/** Of two changes at the same moment the later one wins, as a whole: both are by the owner of the account. */
export async function updateSettings(
  deps: SettingsDependencies,
  userId: string,
  change: NotificationChange,
): Promise<NotificationSettingsView> {
  const before = await deps.settings.get(userId);
  await deps.settings.put(userId, {
    notices: change.notices ?? before.notices,
    quiet_hours: change.quiet_hours === undefined ? before.quiet_hours : change.quiet_hours,
  });
  return getSettings(deps, userId);
}
