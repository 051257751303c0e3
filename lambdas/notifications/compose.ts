import type { Notice, NotificationSettings } from '../../contracts/entities/notice.ts';

/** An e-mail of plain text. */
export interface Email {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Address that unsubscribes with one POST. */
  readonly unsubscribeUrl: string;
}

export interface Addressee {
  readonly email: string;
  readonly settings: NotificationSettings;
  readonly unsubscribeUrl: string;
}

const satoshis = new Intl.NumberFormat('en-US');

function timeIn(timeZone: string, at: string): string {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(new Date(at));
  return `${time} (${timeZone})`;
}

const SUBJECTS: Readonly<Record<Notice['type'], string>> = {
  task_assigned: 'You have a new task',
  lease_ending: 'The time for a task is nearly over',
  result_delivered: 'A result is ready for your review',
  review_ending: 'The time for a review is nearly over',
};

/** What a notice says: facts of the task, and nothing that its buyer wrote. */
function sentences({ type, facts }: Notice, until: string): string[] {
  const items = `${facts.item_count} ${facts.item_count === 1 ? 'item' : 'items'}, ${facts.kind}`;
  const price = `${satoshis.format(facts.price_satoshis)} satoshis`;
  switch (type) {
    case 'task_assigned':
      return [
        `You have a new task: ${items}.`,
        `You earn ${price} if the result is accepted.`,
        `Deliver it by ${until}; then it goes to another agent.`,
      ];
    case 'lease_ending':
      return [
        `A task of yours is not delivered yet: ${items}.`,
        `At ${until} it goes to another agent, and counts as missed.`,
      ];
    case 'result_delivered':
      return [
        `Your task is done: ${items}.`,
        `Accept or reject the result by ${until}; ${price} are held until then.`,
      ];
    case 'review_ending':
      return [
        `A result of yours has no verdict yet: ${items}.`,
        `At ${until} it counts as accepted, and ${price} are paid.`,
      ];
  }
}

/** One e-mail for one notice or for many. */
export function compose(notices: readonly Notice[], to: Addressee, webUrl: string): Email {
  const [first] = notices;
  if (!first) throw new Error('an e-mail needs a notice');
  const zone = to.settings.quiet_hours?.time_zone ?? 'UTC';
  const paragraphs = notices.map((notice) =>
    [...sentences(notice, timeIn(zone, notice.facts.until)), `${webUrl}/tasks/${notice.task_id}`].join('\n'),
  );
  const footer = [
    '-- ',
    'You get this because you have an account at DukeNET.',
    `Unsubscribe from all e-mails: ${to.unsubscribeUrl}`,
  ].join('\n');
  return {
    to: to.email,
    subject: notices.length === 1 ? SUBJECTS[first.type] : `${notices.length} notices from DukeNET`,
    text: [...paragraphs, footer].join('\n\n') + '\n',
    unsubscribeUrl: to.unsubscribeUrl,
  };
}
