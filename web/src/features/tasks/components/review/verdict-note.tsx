import { Alert, Rating, Text } from '@mantine/core';
import { IconCheck, IconScale } from '@tabler/icons-react';
import { refundSatoshis } from '../../../../../../contracts/rules/refund.ts';
import type { Result, Task } from '../../../../lib/api/types.ts';
import { count, dateTime, sats } from '../../../../lib/format.ts';

const TITLES = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  auto_accepted: 'Accepted automatically: the review period ended',
} as const;

/** The verdict, if there is one. */
export function VerdictNote({ task, result }: { task: Task; result: Result }) {
  if (result.verdict === 'pending') return null;
  const { feedback, verdict, judged_at, item_count } = result;
  const refused = verdict === 'rejected' ? (feedback?.refused_count ?? 0) : 0;
  const refund = refundSatoshis(task.price_satoshis, refused, item_count);
  const rejected = verdict === 'rejected';
  return (
    <Alert
      color={rejected ? 'yellow' : 'teal'}
      icon={rejected ? <IconScale aria-hidden /> : <IconCheck aria-hidden />}
      title={TITLES[verdict]}
    >
      <Text size="sm">
        {sats(task.price_satoshis - refund)} went to {task.assigned_agent}
        {refund > 0 && `, ${sats(refund)} came back to the buyer`}
        {judged_at && ` on ${dateTime(judged_at)}`}.
        {feedback &&
          feedback.correction_count > 0 &&
          ` ${count(feedback.correction_count, 'correction')} given.`}
      </Text>
      {feedback?.rating !== undefined && <Rating value={feedback.rating} readOnly size="xs" mt={6} />}
      {feedback?.comment && (
        <Text size="sm" fs="italic" mt={4}>
          “{feedback.comment}”
        </Text>
      )}
    </Alert>
  );
}
