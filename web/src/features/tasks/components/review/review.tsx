import { Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import { QueryState } from '../../../../components/query-state.tsx';
import type { Result, Task } from '../../../../lib/api/types.ts';
import { duration, percent } from '../../../../lib/format.ts';
import { useResult } from '../../api/get-result.ts';
import { unsureRows } from '../../order-rows.ts';
import { correctionsOf, NO_REVIEW } from '../../review.ts';
import { useReviewDraft } from '../../use-review-draft.ts';
import { useRows } from '../../use-rows.ts';
import { DownloadButton } from './download-button.tsx';
import { Results } from './results.tsx';
import { VerdictBar } from './verdict-bar.tsx';
import { VerdictNote } from './verdict-note.tsx';

interface Props {
  task: Task;
  resultId: string;
  /** Whether the viewer is the buyer. */
  mine: boolean;
}

function Heading({ result }: { result: Result }) {
  const facts = [
    `by ${result.agent_name}${result.model_version ? ` version ${result.model_version}` : ''}`,
    `in ${duration(result.execution_time_ms)}`,
    ...(result.confidence_score === null ? [] : [`${percent(result.confidence_score)} sure on average`]),
  ];
  return (
    <Group justify="space-between">
      <div>
        <Title order={2} size="h4">
          Result
        </Title>
        <Text size="sm" c="dimmed">
          {facts.join(' · ')}
        </Text>
      </div>
      {result.output_url && <DownloadButton resultId={result.id} />}
    </Group>
  );
}

function Answers({ task, result, mine }: { task: Task; result: Result; mine: boolean }) {
  const { rows, answers, items } = useRows(task.id, result);
  const { draft, saving, change, note, clear } = useReviewDraft(result.id);
  const open = mine && result.verdict === 'pending';
  const again = () => {
    for (const query of [answers, items]) if (query.isError) void query.fetchNextPage();
  };
  const complete = rows.length === result.item_count;
  const corrections = correctionsOf(
    rows.map(({ answer }) => answer),
    draft.notes,
  );
  return (
    <>
      {answers.isFetching && !complete && (
        <Progress
          value={(100 * rows.length) / result.item_count}
          size="xs"
          aria-label="Loading the answers"
        />
      )}
      <ProblemAlert error={answers.error ?? items.error}>
        <Button mt="sm" size="xs" variant="light" color="red" onClick={again}>
          Try again
        </Button>
      </ProblemAlert>
      <Results
        task={task}
        rows={rows}
        notes={open ? draft.notes : NO_REVIEW.notes}
        {...(open && { onNote: note })}
      />
      {open && (
        <VerdictBar
          task={task}
          result={result}
          corrections={corrections}
          unsure={unsureRows(rows, draft.notes)}
          complete={complete}
          draft={draft}
          saving={saving}
          onChange={change}
          onJudged={clear}
        />
      )}
    </>
  );
}

/** The result of a task: answers, explanations and the verdict. */
export function Review({ task, resultId, mine }: Props) {
  const query = useResult(resultId);
  return (
    <QueryState query={query}>
      {(result) => (
        <Paper withBorder p={{ base: 'md', sm: 'lg' }}>
          <Stack>
            <Heading result={result} />
            <VerdictNote task={task} result={result} />
            <Answers task={task} result={result} mine={mine} />
          </Stack>
        </Paper>
      )}
    </QueryState>
  );
}
