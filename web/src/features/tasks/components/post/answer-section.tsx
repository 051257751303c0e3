import {
  Alert,
  Paper,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
  Title,
  useMatches,
} from '@mantine/core';
import { IconBulb } from '@tabler/icons-react';
import { LIMITS } from '../../../../../../contracts/limits.ts';
import type { File as StoredFile, Task } from '../../../../lib/api/types.ts';
import { count } from '../../../../lib/format.ts';
import { ANSWER_KIND } from '../../../../lib/kind.ts';
import {
  answerOfTarget,
  columnsOf,
  draftSize,
  labelsOf,
  separateLabels,
  suggestedKind,
  targetColumn,
} from '../../draft.ts';
import type { DraftForm } from '../../use-draft.ts';
import { AnswerSample, MissingChoice } from './answer-sample.tsx';
import { LabelOptions } from './label-options.tsx';

interface Props {
  form: DraftForm;
  files: readonly StoredFile[];
}

const KINDS = Object.entries(ANSWER_KIND).map(([value, label]) => ({ value: value as Task['kind'], label }));

function TargetSelect({ form, files }: Props) {
  const columns = columnsOf(files);
  if (columns.length === 0) return null;
  const { items, examples } = draftSize(form.values, files);
  return (
    <>
      <Select
        label="Column to fill in"
        description="Rows where it is filled are examples to learn from, rows where it is blank are answered. Without one, every row is answered."
        placeholder="None: answer every row"
        clearable
        searchable
        data={columns.map(({ name }) => name)}
        {...form.getInputProps('target')}
        onChange={(target: string | null) => form.setValues(answerOfTarget(target))}
      />
      {form.values.target !== null && (
        <Alert
          variant="light"
          color={items === 0 ? 'yellow' : 'teal'}
          icon={<IconBulb aria-hidden />}
          role="status"
        >
          <b>{count(examples, 'example')}</b> to learn from, <b>{count(items, 'row')}</b> to fill in.
        </Alert>
      )}
    </>
  );
}

function Labels({ form, files }: Props) {
  const known = targetColumn(form.values, files)?.values ?? [];
  return (
    <TagsInput
      label="Labels"
      description={
        known.length > 0
          ? 'Taken from the answers in the file. Name them here only to allow more.'
          : 'The possible answers. Press Enter after each.'
      }
      placeholder={form.values.labels.length === 0 ? known.join(', ') || 'spam, ham' : undefined}
      maxTags={LIMITS.labels.value}
      maxLength={LIMITS.label.value}
      splitChars={[',', ';']}
      {...form.getInputProps('labels')}
      onChange={(labels) => form.setFieldValue('labels', separateLabels(labels))}
    />
  );
}

/** The form section about the answers. */
export function AnswerSection({ form, files }: Props) {
  const kind = form.values.kind ?? suggestedKind(form.values, files);
  const orientation = useMatches<'vertical' | 'horizontal'>({ base: 'vertical', xs: 'horizontal' });
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Title order={2} size="h4">
          The answer
        </Title>
        {form.values.source === 'files' && (
          <>
            <TargetSelect form={form} files={files} />
            <MissingChoice form={form} files={files} />
          </>
        )}
        <div>
          <Text size="sm" fw={500} mb={4} id="kind-label">
            Each answer is
          </Text>
          <SegmentedControl
            aria-labelledby="kind-label"
            data={KINDS}
            orientation={orientation}
            value={kind}
            onChange={(value) => form.setFieldValue('kind', value)}
          />
          {form.errors['kind'] && (
            <Text className="trouble" size="sm" role="alert">
              {form.errors['kind']}
            </Text>
          )}
        </div>
        <AnswerSample form={form} files={files} kind={kind} />
        {kind === 'classification' && (
          <>
            <Labels form={form} files={files} />
            <LabelOptions form={form} labels={labelsOf(form.values, files)} />
          </>
        )}
      </Stack>
    </Paper>
  );
}
