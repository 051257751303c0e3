import { Paper, SegmentedControl, Stack, Text, Textarea, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { count } from '../../../../lib/format.ts';
import { linesOf } from '../../draft.ts';
import type { DraftForm } from '../../use-draft.ts';

interface Props {
  form: DraftForm;
  /** Drop zone, uploads and earlier files, from another feature. */
  files: ReactNode;
}

/** The data of the task: files, or lines typed here. */
export function DataSection({ form, files }: Props) {
  const lines = linesOf(form.values.text).length;
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Title order={2} size="h4">
          The data
        </Title>
        <SegmentedControl
          aria-label="Where the items come from"
          data={[
            { value: 'files', label: 'Files' },
            { value: 'text', label: 'Typed or pasted' },
          ]}
          {...form.getInputProps('source')}
        />
        {form.values.source === 'files' ? (
          <>
            {files}
            {form.errors['files'] && (
              <Text className="trouble" size="sm" role="alert">
                {form.errors['files']}
              </Text>
            )}
          </>
        ) : (
          <Textarea
            label="Items, one on each line"
            description={lines > 0 ? count(lines, 'item') : 'Each line is answered on its own.'}
            rows={10} // growing with its text, it takes seconds to measure a large one
            resize="vertical"
            {...form.getInputProps('text')}
            error={form.errors['text'] ?? form.errors['items']}
          />
        )}
      </Stack>
    </Paper>
  );
}
