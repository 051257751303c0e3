import { Stack } from '@mantine/core';
import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { FileDropzone } from '../../features/files/components/file-dropzone.tsx';
import { FilesTable } from '../../features/files/components/files-table.tsx';
import { UploadCard } from '../../features/files/components/upload-card.tsx';
import { useUploads } from '../../features/files/use-uploads.ts';

export const Route = createFileRoute('/_app/files')({ component: FilesPage });

function FilesPage() {
  const uploads = useUploads();
  // Files whose inspection has ended are in the list below.
  const unfinished = uploads.uploads.filter(({ step }) => step.at !== 'ready' && step.at !== 'rejected');
  return (
    <Page title="Files" description="Your uploads. Only you and whoever works on your task can see them.">
      <Stack>
        <FileDropzone onFiles={uploads.add} />
        {unfinished.map((upload) => (
          <UploadCard key={upload.key} upload={upload} uploads={uploads} />
        ))}
        <FilesTable />
      </Stack>
    </Page>
  );
}
