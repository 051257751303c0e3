import { Button, Group, Paper, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { refundSatoshis, refusedItems } from '../../../../../../contracts/rules/refund.ts';
import type { Result, Task } from '../../../../lib/api/types.ts';
import { count, dateTime, percent, sats } from '../../../../lib/format.ts';
import type { Saving } from '../../../../lib/saved/index.ts';
import type { Corrections, ReviewDraft } from '../../review.ts';
import { VerdictDialog } from './verdict-dialog.tsx';

interface Props {
  task: Task;
  result: Result;
  corrections: Corrections;
  /** Answers of low confidence that are neither corrected nor refused. */
  unsure: number;
  /** Whether all answers are loaded; only then is it known which notes differ. */
  complete: boolean;
  /** The corrections and comment so far. */
  draft: ReviewDraft;
  saving: Saving;
  onChange: (make: (draft: ReviewDraft) => ReviewDraft) => void;
  onJudged: () => void;
}

/** The corrections so far, the refund of a rejection, and the two verdicts. */
export function VerdictBar({
  task,
  result,
  corrections,
  unsure,
  complete,
  draft,
  saving,
  onChange,
  onJudged,
}: Props) {
  const setVerdict = (verdict: ReviewDraft['verdict']) => onChange((all) => ({ ...all, verdict }));
  const refused = refusedItems('reject', corrections);
  const refund = refundSatoshis(task.price_satoshis, refused, result.item_count);
  return (
    <Paper withBorder p="md" shadow="md" pos="sticky" bottom={12} style={{ zIndex: 2 }}>
      <Group justify="space-between">
        <div role="status">
          <Text size="sm" fw={600}>
            {refused === 0
              ? 'Correct or refuse answers above, or accept them all'
              : `${count(refused, 'answer')} corrected or refused: ${percent(refused / result.item_count)}`}
          </Text>
          <Text size="xs" c="dimmed">
            {refused > 0 && `A rejection returns ${sats(refund)} to you. `}
            {saving !== 'kept' && 'Your notes are too large to be kept: they are lost when you leave. '}
            {task.review_until && `Accepted automatically on ${dateTime(task.review_until)}.`}
          </Text>
        </div>
        <Group gap="sm">
          <Button
            variant="light"
            color="red"
            leftSection={<IconX size={16} aria-hidden />}
            disabled={refused === 0 || !complete}
            title={refused === 0 ? 'Correct or refuse at least one answer first' : undefined}
            onClick={() => setVerdict('reject')}
          >
            Reject
          </Button>
          <Button
            color="teal"
            leftSection={<IconCheck size={16} aria-hidden />}
            disabled={!complete}
            onClick={() => setVerdict('accept')}
          >
            Accept
          </Button>
        </Group>
      </Group>
      {draft.verdict && complete && (
        <VerdictDialog
          verdict={draft.verdict}
          task={task}
          result={result}
          corrections={corrections}
          unsure={unsure}
          draft={draft}
          onChange={onChange}
          onClose={() => setVerdict(null)}
          onJudged={onJudged}
        />
      )}
    </Paper>
  );
}
