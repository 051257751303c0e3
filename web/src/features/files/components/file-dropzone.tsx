import '@mantine/dropzone/styles.css';
import { Group, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconFileUpload } from '@tabler/icons-react';
import { FILE_ENDINGS, sizeLimits } from '../../../../../contracts/rules/file-kinds.ts';

/** Accepts dropped files; a click, Enter or Space opens the file dialog. */
export function FileDropzone({ onFiles }: { onFiles: (files: File[]) => void }) {
  return (
    <Dropzone
      onDrop={onFiles}
      onReject={(rejections) => onFiles(rejections.map(({ file }) => file))}
      accept={{ 'text/csv': [...FILE_ENDINGS] }}
      aria-label="Drop files here or press to choose them"
      inputProps={{ 'aria-label': 'Choose files' }}
    >
      <Group justify="center" gap="md" mih={96} wrap="nowrap">
        <IconFileUpload size={36} stroke={1.5} color="var(--mantine-color-dimmed)" aria-hidden />
        <div>
          <Text fw={600}>Drop files here, or press to choose</Text>
          <Text size="sm" c="dimmed">
            {sizeLimits(' up to ')}
          </Text>
        </div>
      </Group>
    </Dropzone>
  );
}
