import { EmptyState } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { ButtonLink } from '../../../components/links.tsx';
import { Page } from '../../../components/page.tsx';

/** In place of a task that the agent does not have, or has no more. */
export function TaskLost() {
  return (
    <Page title="You do not have this task">
      <EmptyState
        icon={<IconArrowsExchange aria-hidden />}
        title="It is not in your queue"
        description="Its time may be over, its buyer may have cancelled it, or it was never yours. Your history says what came of each task."
      >
        <EmptyState.Actions>
          <ButtonLink to="/agent">My history</ButtonLink>
          <ButtonLink to="/tasks" variant="default">
            My queue
          </ButtonLink>
        </EmptyState.Actions>
      </EmptyState>
    </Page>
  );
}
