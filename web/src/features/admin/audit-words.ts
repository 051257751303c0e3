import type { AuditEntry } from '../../lib/api/types.ts';
import { sats } from '../../lib/format.ts';

export const ACTION: Record<AuditEntry['action'], string> = {
  'user.updated': 'Changed an account',
  'wallet.credited': 'Credited a wallet',
  'model.promoted': 'Put a version into production',
  'training.requested': 'Requested a training run',
};

export const isAuditAction = (value: unknown): value is AuditEntry['action'] =>
  typeof value === 'string' && Object.hasOwn(ACTION, value);

/** Whether the subject of an action is an account. */
export const isAboutAccount = ({ action }: Pick<AuditEntry, 'action'>): boolean =>
  action === 'user.updated' || action === 'wallet.credited';

type Detail = AuditEntry['details'][string];

function detailText(name: string, value: Detail): string {
  if (name.endsWith('_satoshis') && typeof value === 'number') return sats(value);
  if (name === 'reason' || name === 'override_reason') return `“${String(value)}”`;
  if (name === 'is_active') return value === true ? 'enabled' : 'disabled';
  return `${name.replaceAll('_', ' ')}: ${value === null ? 'none' : String(value)}`;
}

/** `250,000 sat, “Invoice 2026-117”` */
export const detailsText = ({ details }: Pick<AuditEntry, 'details'>): string =>
  Object.entries(details)
    .map(([name, value]) => detailText(name, value))
    .join(', ');
