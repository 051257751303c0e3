import { Grid, Paper, Stack, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef, type ReactNode } from 'react';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import { hasCode } from '../../../../lib/api/problem.ts';
import type { File as StoredFile, Task } from '../../../../lib/api/types.ts';
import { fieldErrors } from '../../../../lib/forms/field-errors.ts';
import { priceRange } from '../../../../lib/pricing/money.ts';
import { usePricing } from '../../../../lib/pricing/use-pricing.ts';
import { useCreateTask } from '../../api/create-task.ts';
import { createBody, draftCounts, guessTarget } from '../../draft.ts';
import { FIELDS, useDraft, type DraftForm } from '../../use-draft.ts';
import { AnswerSection } from './answer-section.tsx';
import { ComplexitySection } from './complexity-section.tsx';
import { DataSection } from './data-section.tsx';
import { MoreSection } from './more-section.tsx';
import { PriceCard } from './price-card.tsx';

interface Props {
  files: readonly StoredFile[];
  /** Whether files are still on their way. */
  busy: boolean;
  uploads: ReactNode;
  balance: number | undefined;
  /** A way to deposit without losing what was typed; of another feature. */
  deposit: (suggested: number, onDone: () => void) => ReactNode;
  onPosted: (task: Task) => void;
}

/** When another set of files is there, the target is guessed anew. */
function useGuessedTarget(form: DraftForm, files: readonly StoredFile[]) {
  const ids = files.map(({ id }) => id).join();
  const seen = useRef('');
  useEffect(() => {
    if (seen.current === ids) return;
    seen.current = ids;
    form.setValues({ target: guessTarget(files), kind: null, labels: [], missing: null });
  }, [form, files, ids]);
}

function focusFirstError() {
  requestAnimationFrame(() => {
    const first = document.querySelector<HTMLElement>('[aria-invalid="true"], form [role="alert"]');
    first?.scrollIntoView({ block: 'center' });
    first?.focus({ preventScroll: true });
  });
}

export function PostTask({ files, busy, uploads, balance, deposit, onPosted }: Props) {
  const form = useDraft(files, busy);
  const create = useCreateTask();
  useGuessedTarget(form, files);
  const { complexity } = form.values;
  const counts = draftCounts(form.values, files);
  const submit = form.onSubmit((draft) => {
    create.mutate(createBody(draft, files), {
      onSuccess: (task) => {
        notifications.show({ color: 'teal', message: 'Your task is posted.' });
        onPosted(task);
      },
      onError: (error) => {
        form.setErrors(fieldErrors(error, FIELDS).beside);
        focusFirstError();
      },
    });
  }, focusFirstError);
  const pricing = usePricing();
  const missing = Math.max(
    (pricing.data ? priceRange(pricing.data, complexity).high : 0) - (balance ?? 0),
    1,
  );
  return (
    <form onSubmit={submit} noValidate>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <Paper withBorder p="lg">
              <Stack>
                <Title order={2} size="h4">
                  The task
                </Title>
                <Textarea
                  label="What is to be done?"
                  placeholder="Decide for each mail whether it is spam."
                  autosize
                  minRows={2}
                  maxRows={10}
                  maxLength={4000}
                  {...form.getInputProps('description')}
                />
              </Stack>
            </Paper>
            <DataSection form={form} files={uploads} />
            <AnswerSection form={form} files={files} />
            <ComplexitySection form={form} counts={counts} />
            <MoreSection form={form} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <PriceCard
            complexity={complexity}
            counts={counts}
            locked={create.isPending || create.isSuccess}
            balance={balance}
          >
            <ProblemAlert error={create.error} fields={FIELDS}>
              {hasCode(create.error, 'insufficient_funds') && deposit(missing, create.reset)}
            </ProblemAlert>
          </PriceCard>
        </Grid.Col>
      </Grid>
    </form>
  );
}
