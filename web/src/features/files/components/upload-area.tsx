import { Alert, Select, Stack } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { allItems } from '../../../lib/api/pages.ts';
import { bytes, dateTime } from '../../../lib/format.ts';
import { useFiles } from '../api/list-files.ts';
import type { Uploads } from '../use-uploads.ts';
import { FileDropzone } from './file-dropzone.tsx';
import { UploadCard } from './upload-card.tsx';

function EarlierFiles({ uploads }: { uploads: Uploads }) {
  const { data } = useFiles();
  const taken = new Set(uploads.uploads.flatMap(({ step }) => (step.at === 'ready' ? [step.file.id] : [])));
  const files = data ? allItems(data).filter(({ id, status }) => status === 'ready' && !taken.has(id)) : [];
  if (files.length === 0) return null;
  return (
    <Select
      label="Or take a file from before"
      placeholder="Choose a file"
      searchable
      value={null}
      data={files.map(({ id, filename, created_at }) => ({
        value: id,
        label: `${filename} (${dateTime(created_at)})`,
      }))}
      onChange={(id) => {
        const file = files.find((one) => one.id === id);
        if (file) uploads.adopt(file);
      }}
    />
  );
}

/** Uploads that a reload or a closed page interrupted; the browser does not keep the bytes, so they are chosen again. */
function UnfinishedUploads({ uploads }: { uploads: Uploads }) {
  const { data } = useFiles();
  const sending = new Set(uploads.uploads.map(({ name, size }) => `${name} ${size}`));
  const unfinished = data
    ? allItems(data).filter(
        ({ multipart, filename, size_bytes }) => multipart && !sending.has(`${filename} ${size_bytes}`),
      )
    : [];
  return unfinished.map(({ id, filename, size_bytes }) => (
    <Alert key={id} color="yellow" variant="light" icon={<IconPlayerPause aria-hidden />}>
      The upload of {filename} ({bytes(size_bytes)}) was interrupted. Choose the same file again to go on
      where it stopped.
    </Alert>
  ));
}

/** Chooses the files of a task: uploads and earlier files. */
export function UploadArea({ uploads }: { uploads: Uploads }) {
  return (
    <Stack gap="sm">
      <FileDropzone onFiles={uploads.add} />
      <UnfinishedUploads uploads={uploads} />
      {uploads.uploads.map((upload) => (
        <UploadCard key={upload.key} upload={upload} uploads={uploads} />
      ))}
      <EarlierFiles uploads={uploads} />
    </Stack>
  );
}
