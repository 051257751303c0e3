import { Grid, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { LIMITS } from '../../../../../../contracts/limits.ts';
import { ColumnChoiceContext } from '../../../../components/column-choice.tsx';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import { hasCode, isOutcomeUnknown } from '../../../../lib/api/problem.ts';
import type { File as StoredFile, Task } from '../../../../lib/api/types.ts';
import { fieldErrors } from '../../../../lib/forms/field-errors.ts';
import { priceRange, withinPrice } from '../../../../lib/pricing/money.ts';
import { usePricing } from '../../../../lib/pricing/use-pricing.ts';
import { usePostDraft } from '../../api/create-task.ts';
import { createBody, draftSize } from '../../draft.ts';
import { columnChoiceOf } from '../../column-choice.ts';
import type { DraftKeeper } from '../../draft-keeper.ts';
import { FIELDS, useDraft } from '../../use-draft.ts';
import { useQuote } from '../../use-quote.ts';
import { useFormOfDraft, useGuessedTarget } from '../../use-kept-draft.ts';
import { AnswerSection } from './answer-section.tsx';
import { ComplexitySection } from './complexity-section.tsx';
import { DataSection } from './data-section.tsx';
import { MoreSection } from './more-section.tsx';
import { PriceCard } from './price-card.tsx';
import { SecondLookSection } from './second-look-section.tsx';

interface Props {
  keeper: DraftKeeper;
  /** The revision of the draft whose files are attached. */
  revision: number;
  files: readonly StoredFile[];
  /** Whether files are still being uploaded or inspected. */
  busy: boolean;
  uploads: ReactNode;
  balance: number | undefined;
  /** Opens a deposit without losing the form; from another feature. */
  deposit: (suggested: number, onDone: () => void) => ReactNode;
  onPosted: (task: Task) => void;
}

/** After these a quote is of no use: the price range is shown again. */
const QUOTE_ERRORS = ['quote_unknown', 'quote_mismatch', 'quote_expired', 'quote_used'] as const;

const POSTED_BEFORE =
  'Your task was already posted, with the form as it was then. Your later changes are not in it.';

function focusFirstError() {
  requestAnimationFrame(() => {
    const first = document.querySelector<HTMLElement>('[aria-invalid="true"], form [role="alert"]');
    first?.scrollIntoView({ block: 'center' });
    first?.focus({ preventScroll: true });
  });
}

/** Why the task was not posted, or that its outcome is unknown. */
function PostProblem({ error, children }: { error: Error | null; children: ReactNode }) {
  return (
    <>
      <ProblemAlert error={error} fields={FIELDS}>
        {children}
      </ProblemAlert>
      {error && isOutcomeUnknown(error) && (
        <Text size="sm" role="status">
          There was no response, so the task may already be posted. Posting again will not create a second
          one.
        </Text>
      )}
    </>
  );
}

export function PostTask({ keeper, revision, files, busy, uploads, balance, deposit, onPosted }: Props) {
  const form = useDraft(keeper.get().draft.values, files, busy);
  const create = usePostDraft(keeper);
  useFormOfDraft(form, keeper, revision);
  useGuessedTarget(form, files, keeper);
  const { complexity } = form.values;
  const columnChoice = columnChoiceOf(form, files);
  const size = draftSize(form.values, files);
  const pricing = usePricing();
  const locked = create.isPending || create.isSuccess;
  const body = withinPrice(createBody(form.values, files), pricing.data);
  const quote = useQuote(body);
  const showErrors = (error: Error) => {
    form.setErrors(fieldErrors(error, FIELDS).beside);
    focusFirstError();
  };
  const askQuote = () => {
    if (form.validate().hasErrors) focusFirstError();
    else quote.ask();
  };
  const submit = form.onSubmit(() => {
    if (locked) return;
    create.mutate(quote.quote ? { ...body, quote_id: quote.quote.quote_id } : body, {
      onSuccess: ({ task, asBefore }) => {
        notifications.show({ color: 'teal', message: asBefore ? POSTED_BEFORE : 'Your task is posted.' });
        onPosted(task);
      },
      onError: (error) => {
        if (QUOTE_ERRORS.some((code) => hasCode(error, code))) quote.drop();
        showErrors(error);
      },
    });
  }, focusFirstError);
  const missing = Math.max(
    (quote.quote?.price_satoshis ?? (pricing.data ? priceRange(pricing.data, complexity).high : 0)) -
      (balance ?? 0),
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
                  label="What should be done?"
                  placeholder="Decide for each mail whether it is spam."
                  autosize
                  minRows={2}
                  maxRows={10}
                  maxLength={LIMITS.description.value}
                  {...form.getInputProps('description')}
                />
              </Stack>
            </Paper>
            <ColumnChoiceContext value={columnChoice}>
              <DataSection form={form} files={uploads} />
            </ColumnChoiceContext>
            <AnswerSection form={form} files={files} />
            <ComplexitySection form={form} size={size} />
            <SecondLookSection form={form} />
            <MoreSection form={form} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <PriceCard
            complexity={complexity}
            size={size}
            locked={locked}
            balance={balance}
            quote={quote}
            onQuote={askQuote}
          >
            <PostProblem error={create.error}>
              {hasCode(create.error, 'insufficient_funds') && deposit(missing, create.reset)}
            </PostProblem>
          </PriceCard>
        </Grid.Col>
      </Grid>
    </form>
  );
}
