import { ActionIcon, Alert, Badge, Button, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { IconAlertCircle, IconFileText, IconX } from '@tabler/icons-react';
import { bytes, percent } from '../../../lib/format.ts';
import { hasRowPreview } from '../preview.ts';
import type { UploadStep } from '../upload.ts';
import type { Upload, Uploads } from '../use-uploads.ts';
import { FileFacts } from './file-facts.tsx';
import { RowPreview } from './row-preview.tsx';

const LOOKS: Record<UploadStep['at'], { color: string; label: string }> = {
  announcing: { color: 'gray', label: 'Starting' },
  sending: { color: 'duke', label: 'Sending' },
  inspecting: { color: 'duke', label: 'Inspecting' },
  ready: { color: 'teal', label: 'Ready' },
  rejected: { color: 'red', label: 'Rejected' },
  failed: { color: 'red', label: 'Failed' },
};

function Status({ step }: { step: UploadStep }) {
  const { color, label } = LOOKS[step.at];
  return (
    <Badge color={color} variant="light" role="status">
      {label}
      {step.at === 'sending' && ` ${percent(step.progress)}`}
    </Badge>
  );
}

function Trouble({ upload, onRetry }: { upload: Upload; onRetry: () => void }) {
  if (upload.step.at !== 'rejected' && upload.step.at !== 'failed') return null;
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle aria-hidden />}>
      <Text size="sm">{upload.step.reason}</Text>
      {upload.step.at === 'failed' && upload.local && (
        <Button size="xs" mt="xs" variant="light" color="red" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

export function UploadCard({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { step, local } = upload;
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <IconFileText size={20} aria-hidden style={{ flexShrink: 0 }} />
            <Text fw={600} size="sm" truncate>
              {upload.name}
            </Text>
            <Text size="xs" c="dimmed" className="tabular">
              {bytes(upload.size)}
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Status step={step} />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove ${upload.name}`}
              onClick={() => uploads.remove(upload.key)}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        </Group>
        {(step.at === 'sending' || step.at === 'inspecting') && (
          <Progress
            value={step.at === 'sending' ? step.progress * 100 : 100}
            animated={step.at === 'inspecting'}
            size="sm"
            aria-label={`Upload of ${upload.name}`}
          />
        )}
        <Trouble upload={upload} onRetry={() => uploads.retry(upload)} />
        {local && step.at !== 'rejected' && (
          <RowPreview
            upload={{ ...upload, local }}
            metadata={step.at === 'ready' ? step.file.metadata : null}
          />
        )}
        {step.at === 'ready' && (
          <FileFacts file={step.file} choosable={!local || !hasRowPreview(step.file.file_type)} />
        )}
      </Stack>
    </Paper>
  );
}
