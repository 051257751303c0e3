import { ActionIcon, Badge, Button, EmptyState, Group, Modal, Paper, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconFileText, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { FilePreview } from '../../../components/media/file-preview.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { allItems } from '../../../lib/api/pages.ts';
import type { File as StoredFile } from '../../../lib/api/types.ts';
import { bytes, count, dateTime } from '../../../lib/format.ts';
import { useDeleteFile } from '../api/delete-file.ts';
import { getFile } from '../api/get-file.ts';
import { useFiles } from '../api/list-files.ts';
import { FileFacts } from './file-facts.tsx';

const COLORS: Record<StoredFile['status'], string> = { pending: 'duke', ready: 'teal', rejected: 'red' };

/** Kinds of file that the server draws; tables and texts have no picture. */
const HAS_PREVIEW: ReadonlySet<StoredFile['file_type']> = new Set(['image', 'pdf', 'audio']);

async function download(file: StoredFile) {
  try {
    const { download_url } = await getFile(file.id);
    if (download_url) location.assign(download_url);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'It cannot be downloaded now.';
    notifications.show({ color: 'red', title: file.filename, message });
  }
}

function FileRow({ file, onDelete }: { file: StoredFile; onDelete: () => void }) {
  return (
    <Paper withBorder p="md" component="li">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        {file.status === 'ready' && HAS_PREVIEW.has(file.file_type) && (
          <FilePreview medium={{ fileId: file.id, sha256: undefined }} label="" />
        )}
        <div style={{ minWidth: 0, flexGrow: 1 }}>
          <Group gap="xs">
            <Text fw={600} truncate>
              {file.filename}
            </Text>
            <Badge variant="light" color={COLORS[file.status]}>
              {file.status}
            </Badge>
          </Group>
          <Text size="xs" c="dimmed" mb={6}>
            {bytes(file.size_bytes)} · {dateTime(file.created_at)}
            {file.used_by_tasks.length > 0 && ` · used by ${count(file.used_by_tasks.length, 'task')}`}
          </Text>
          {file.rejected_reason && (
            <Text size="sm" className="trouble">
              {file.rejected_reason}
            </Text>
          )}
          <FileFacts file={file} />
        </div>
        <Group gap={4} wrap="nowrap">
          {file.status === 'ready' && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Download ${file.filename}`}
              onClick={() => void download(file)}
            >
              <IconDownload size={18} aria-hidden />
            </ActionIcon>
          )}
          <ActionIcon variant="subtle" color="red" aria-label={`Delete ${file.filename}`} onClick={onDelete}>
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
    </Paper>
  );
}

function DeleteDialog({ file, onClose }: { file: StoredFile; onClose: () => void }) {
  const remove = useDeleteFile();
  return (
    <Modal opened onClose={onClose} title={`Delete ${file.filename}?`}>
      <Stack>
        <ProblemAlert error={remove.error} />
        <Text size="sm">
          The file is deleted permanently. Tasks that used it keep their items and results.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate(file.id, { onSuccess: onClose })}
          >
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

export function FilesTable() {
  const query = useFiles();
  const [deleting, setDeleting] = useState<StoredFile | null>(null);
  return (
    <QueryState query={query}>
      {(data) => {
        const files = allItems(data);
        if (files.length === 0)
          return (
            <EmptyState
              icon={<IconFileText aria-hidden />}
              title="No files yet"
              description="Drop a table or a text above; it can then be used in any number of tasks."
            />
          );
        return (
          <Stack>
            <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
              {files.map((file) => (
                <FileRow key={file.id} file={file} onDelete={() => setDeleting(file)} />
              ))}
            </Stack>
            <LoadMore query={query} />
            {deleting && <DeleteDialog file={deleting} onClose={() => setDeleting(null)} />}
          </Stack>
        );
      }}
    </QueryState>
  );
}
