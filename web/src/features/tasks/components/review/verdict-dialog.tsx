import { Alert, Button, Group, Modal, Rating, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';
import { LIMITS } from '../../../../../../contracts/limits.ts';
import { SURE_ABOVE } from '../../../../../../contracts/rules/confidence.ts';
import { refundSatoshis, refusedItems } from '../../../../../../contracts/rules/refund.ts';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import type { Feedback, Result, Task } from '../../../../lib/api/types.ts';
import { count, percent, sats } from '../../../../lib/format.ts';
import type { Corrections, ReviewDraft } from '../../review.ts';
import { useGiveFeedback } from '../../api/give-feedback.ts';

interface Props {
  verdict: Feedback['verdict'];
  task: Task;
  result: Result;
  corrections: Corrections;
  /** Answers of low confidence that are neither corrected nor refused. */
  unsure: number;
  draft: ReviewDraft;
  onChange: (make: (draft: ReviewDraft) => ReviewDraft) => void;
  onClose: () => void;
  onJudged: () => void;
}

/** Describes the movement of money. */
export function MoneyMoves({
  verdict,
  task,
  result,
  corrections,
}: Pick<Props, 'verdict' | 'task' | 'result' | 'corrections'>) {
  const price = task.price_satoshis;
  const refused = refusedItems(verdict, corrections);
  if (verdict === 'accept')
    return (
      <Text size="sm">
        <b>{sats(price)}</b> go to {task.assigned_agent}, nothing comes back.
        {corrections.length > 0 &&
          ` ${count(corrections.length, 'correction')} ${corrections.length === 1 ? 'is' : 'are'} sent along and learned from.`}
      </Text>
    );
  const refund = refundSatoshis(price, refused, result.item_count);
  return (
    <Text size="sm">
      You refuse {refused} of {count(result.item_count, 'answer')}: <b>{sats(refund)}</b> come back to you,{' '}
      <b>{sats(price - refund)}</b> go to {task.assigned_agent}.
    </Text>
  );
}

export function VerdictDialog(props: Props) {
  const { verdict, task, result, corrections, unsure, draft, onChange, onClose, onJudged } = props;
  const feedback = useGiveFeedback(result.id);
  const { rating, comment } = draft;
  const accept = verdict === 'accept';
  const give = () =>
    feedback.mutate(
      {
        verdict,
        corrections,
        ...(rating > 0 && { rating }),
        ...(comment.trim() && { comment: comment.trim() }),
      },
      {
        onSuccess: () => {
          notifications.show({ color: 'teal', message: accept ? 'Accepted. Thank you.' : 'Rejected.' });
          onJudged();
          onClose();
        },
      },
    );
  return (
    <Modal opened onClose={onClose} title={accept ? 'Accept this result?' : 'Reject this result?'} centered>
      <Stack>
        <ProblemAlert error={feedback.error} />
        <MoneyMoves verdict={verdict} task={task} result={result} corrections={corrections} />
        {accept && unsure > 0 && (
          <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
            {count(unsure, 'answer')} {unsure === 1 ? 'is' : 'are'} at most {percent(SURE_ABOVE)} sure, and
            you have not corrected {unsure === 1 ? 'it' : 'them'}.
          </Alert>
        )}
        <div>
          <Text size="sm" fw={500} mb={4}>
            Rating (optional)
          </Text>
          <Rating
            value={rating}
            onChange={(stars) => onChange((all) => ({ ...all, rating: stars }))}
            aria-label="Rating"
          />
        </div>
        <Textarea
          label="Comment (optional)"
          autosize
          minRows={2}
          maxRows={6}
          maxLength={LIMITS.comment.value}
          value={comment}
          onChange={(event) => {
            const text = event.currentTarget.value;
            onChange((all) => ({ ...all, comment: text }));
          }}
        />
        <Text size="xs" c="dimmed">
          A verdict is final.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Not yet
          </Button>
          <Button
            color={accept ? 'teal' : 'red'}
            loading={feedback.isPending || feedback.isSuccess}
            onClick={give}
          >
            {accept ? 'Accept and pay' : 'Reject'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
