import type { Notice } from '../../contracts/entities/notice.ts';
import type { User } from '../../contracts/entities/user.ts';
import type { Clock } from '../shared/clock.ts';
import { logger } from '../shared/logger.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import type { UserStore } from '../shared/stores/user-store.ts';
import { compose } from './compose.ts';
import type { Mailer } from './mailer.ts';
import type { NoticeStore } from './notice-store.ts';
import { endOfQuietHours } from './quiet-hours.ts';
import type { SettingsStore } from './settings-store.ts';
import { isStillTrue } from './still-true.ts';
import { unsubscribeUrl } from './unsubscribe.ts';
import type { UnsubscribeTokens } from './unsubscribe.ts';

export interface SendDependencies {
  readonly notices: NoticeStore;
  readonly settings: SettingsStore;
  readonly users: Pick<UserStore, 'get'>;
  readonly tasks: Pick<TaskStore, 'get'>;
  readonly tokens: UnsubscribeTokens;
  readonly mailer: Mailer;
  readonly clock: Clock;
  /** Public address of the web application. */
  readonly webUrl: string;
}

/** A notice that could not be sent this often is given up. */
const MAX_ATTEMPTS = 4;

/**
 * Sends what a user has to be told now, as one e-mail. A notice is claimed before it is sent and removed afterwards, so that
 * two workers do not send it twice; after a crash in between it is sent again.
 * @throws Error if the e-mail was not taken
 */
export async function sendDueNotices(deps: SendDependencies, userId: string): Promise<void> {
  const now = deps.clock();
  const due = await deps.notices.due(userId, now);
  if (due.length === 0) return;
  const user = await deps.users.get(userId, { consistent: true });
  const settings = await deps.settings.get(userId);
  const wantedNotices = await onlyWanted(deps, due, (type) => settings.notices.includes(type), user);
  const quietUntil = endOfQuietHours(settings.quiet_hours, now);
  if (quietUntil) {
    await Promise.all(wantedNotices.map((notice) => deps.notices.postpone(notice, quietUntil)));
    return;
  }
  const claimed: Notice[] = [];
  for (const notice of wantedNotices) if (await deps.notices.claim(notice, now)) claimed.push(notice);
  if (claimed.length === 0 || !user) return;
  const addressee = {
    email: user.email,
    settings,
    unsubscribeUrl: unsubscribeUrl(deps.webUrl, await deps.tokens.tokenOf(userId)),
  };
  try {
    await deps.mailer.send(compose(claimed, addressee, deps.webUrl));
  } catch (error) {
    await Promise.all(claimed.map((notice) => deps.notices.release(notice)));
    throw error;
  }
  await Promise.all(claimed.map((notice) => deps.notices.remove(notice)));
}

/** Removes notices that nobody wants, that are not true any more, or that could not be sent. */
async function onlyWanted(
  { notices, tasks }: SendDependencies,
  due: readonly Notice[],
  isOn: (type: Notice['type']) => boolean,
  user: User | undefined,
): Promise<Notice[]> {
  const checked = await Promise.all(
    due.map(async (notice) => {
      if (notice.attempts >= MAX_ATTEMPTS) logger.error('notice given up', { notice_id: notice.id });
      const isWanted =
        user?.is_active === true &&
        notice.attempts < MAX_ATTEMPTS &&
        isOn(notice.type) &&
        isStillTrue(notice, await tasks.get(notice.task_id, { consistent: true }));
      if (!isWanted) await notices.remove(notice);
      return isWanted ? [notice] : [];
    }),
  );
  return checked.flat();
}

/** Sends the due notices of all users. @throws AggregateError with the failures, after all have had their turn */
export async function sendAllDueNotices(deps: SendDependencies): Promise<void> {
  const failures: unknown[] = [];
  for (const userId of await deps.notices.usersWithDue(deps.clock())) {
    try {
      await sendDueNotices(deps, userId);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} e-mails were not sent`);
}
