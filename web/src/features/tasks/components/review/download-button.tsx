import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { getResult } from '../../api/get-result.ts';

/** Downloads the output file. Its URL expires after 15 minutes, so it is requested on click. */
export function DownloadButton({ resultId }: { resultId: string }) {
  const [asking, setAsking] = useState(false);
  const download = async () => {
    setAsking(true);
    try {
      const { output_url } = await getResult(resultId);
      if (output_url) location.assign(output_url);
    } catch (error) {
      const message = error instanceof Error ? error.message : 'It cannot be downloaded now.';
      notifications.show({ color: 'red', title: 'No download', message });
    } finally {
      setAsking(false);
    }
  };
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={asking}
      onClick={() => void download()}
    >
      Download
    </Button>
  );
}
