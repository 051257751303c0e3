import { Alert, Paper, Stack, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { isCancellable, isUnfinished } from '../../../../../../contracts/rules/task-status.ts';
import { Page } from '../../../../components/page.tsx';
import { keys } from '../../../../lib/api/keys.ts';
import type { Task } from '../../../../lib/api/types.ts';
import { sats } from '../../../../lib/format.ts';
import { useUser } from '../../../../lib/session/index.ts';
import { FileNames } from '../../file-names.ts';
import { Review } from '../review/review.tsx';
import { TaskProgress } from '../task-progress.tsx';
import { AskAgainButton } from './ask-again-button.tsx';
import { CancelButton } from './cancel-button.tsx';
import { TaskFacts } from './task-facts.tsx';
import { TaskSteps } from './task-steps.tsx';

/** Money moves when the task ends, so the balance in the header is refetched. */
function useFreshWallet({ status, settlement }: Task) {
  const client = useQueryClient();
  useEffect(() => {
    void client.invalidateQueries({ queryKey: keys.wallet });
  }, [client, status, settlement]);
}

const titleOf = ({ description }: Task): string => {
  const line = description.split('\n', 1)[0] ?? '';
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
};

function Actions({ task }: { readonly task: Task }) {
  if (isCancellable(task.status)) return <CancelButton task={task} />;
  return isUnfinished(task.status) ? null : <AskAgainButton task={task} />;
}

interface Props {
  task: Task;
  /** The files of the task. */
  files: ReactNode;
  nameOfFile: (id: string) => ReactNode;
  /** Of a task whose money has moved. */
  receipt: ReactNode;
}

export function TaskDetail({ task, files, nameOfFile, receipt }: Props) {
  const user = useUser();
  useFreshWallet(task);
  const mine = task.buyer_id === user.id;
  const title = titleOf(task);
  return (
    <Page title={title} actions={mine && <Actions task={task} />}>
      {title !== task.description && (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
          {task.description}
        </Text>
      )}
      <Paper withBorder p="lg">
        <Stack gap="lg">
          <TaskSteps task={task} />
          {isUnfinished(task.status) && <TaskProgress task={task} size="lg" />}
          {task.status === 'failed' && (
            <Alert color="red" icon={<IconAlertCircle aria-hidden />} title="No agent could deliver">
              {task.failure_reason} All {sats(task.price_satoshis)} are back in your balance.
            </Alert>
          )}
        </Stack>
      </Paper>
      {task.result_id && (
        <FileNames value={nameOfFile}>
          <Review task={task} resultId={task.result_id} mine={mine} />
        </FileNames>
      )}
      <TaskFacts task={task} files={files} mine={mine} />
      {mine && receipt}
    </Page>
  );
}
