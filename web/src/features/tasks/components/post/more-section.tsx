import { Checkbox, NumberInput, Stack, Switch } from '@mantine/core';
import { FoldedSection } from '../../../../components/folded-section.tsx';
import { REVIEW_HOURS } from '../../../../../../contracts/limits.ts';
import { OUTPUT_COLUMNS, type OutputColumn } from '../../../../../../contracts/rules/output-columns.ts';
import type { DraftForm } from '../../use-draft.ts';

const COLUMN_LABELS: Readonly<Record<OutputColumn, string>> = {
  confidence: 'confidence: how sure the agent is, 0 to 1',
  corrected: 'corrected: whether you corrected or refused the answer',
};

function OutputColumns({ form }: { form: DraftForm }) {
  return (
    <Checkbox.Group
      label="Add columns to the result file"
      description="They stand beside the answers in the file that you download."
      {...form.getInputProps('output_columns')}
    >
      <Stack gap={6} mt="xs">
        {OUTPUT_COLUMNS.map((column) => (
          <Checkbox key={column} value={column} label={COLUMN_LABELS[column]} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

/** Options that most buyers leave at their defaults. */
export function MoreSection({ form }: { form: DraftForm }) {
  return (
    <FoldedSection title="More">
      <Switch
        label="Duke MM may learn from this task"
        description="What you confirm becomes examples for your next tasks with the same question, and training examples. Your data is never shown to another buyer."
        {...form.getInputProps('allow_training', { type: 'checkbox' })}
      />
      <OutputColumns form={form} />
      <NumberInput
        label="Hours to review the result"
        description="After that it is accepted automatically."
        min={REVIEW_HOURS.min}
        max={REVIEW_HOURS.max}
        allowDecimal={false}
        {...form.getInputProps('review_window_hours')}
      />
      <NumberInput
        label="Highest price"
        description="The task is not posted if it would cost more."
        placeholder="no limit"
        min={0}
        allowDecimal={false}
        thousandSeparator=","
        suffix=" sat"
        {...form.getInputProps('max_price_satoshis')}
      />
    </FoldedSection>
  );
}
