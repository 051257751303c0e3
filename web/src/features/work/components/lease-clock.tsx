import { Badge } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { dateTime } from '../../../lib/format.ts';
import { leaseAt } from '../lease.ts';

/** setTimeout takes no more than a signed 32-bit number of milliseconds. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The time left until the task goes to another agent. */
export function LeaseClock({ deadline }: { readonly deadline: string }) {
  const [now, setNow] = useState(Date.now);
  const lease = leaseAt(deadline, now);
  useEffect(() => {
    if (lease.over) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.min(lease.changesInMs, MAX_TIMEOUT_MS));
    return () => clearTimeout(timer);
  }, [lease.over, lease.changesInMs]);
  return (
    <Badge
      role="timer"
      variant="light"
      color={lease.urgent ? 'red' : 'gray'}
      tt="none"
      leftSection={<IconClock size={12} aria-hidden />}
      title={`Deliver by ${dateTime(deadline)}`}
    >
      {lease.text}
    </Badge>
  );
}
