import { Button, DataList, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload, IconReceipt2 } from '@tabler/icons-react';
import { Fact } from '../../../components/fact.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { saveCsv } from '../../../lib/csv.ts';
import type { Task } from '../../../lib/api/types.ts';
import { count, dateTime, sats } from '../../../lib/format.ts';
import { useReceipt } from '../api/get-receipt.ts';
import { isSettled, receiptRows, type Receipt } from '../receipt.ts';

function Facts({ receipt }: { readonly receipt: Receipt }) {
  const { payees, files } = receipt;
  return (
    <Stack>
      <DataList labelWidth={110}>
        <Fact label="Task">{receipt.taskId}</Fact>
        <Fact label="Posted">{dateTime(receipt.postedAt)}</Fact>
        <Fact label="Settled">{dateTime(receipt.settledAt)}</Fact>
        <Fact label="Held">{sats(receipt.priceSatoshis)}</Fact>
        <Fact label="Paid">
          <b className="tabular">{sats(receipt.paidSatoshis)}</b>
          {payees.map(({ name, items }) => (
            <Text key={name} size="xs" c="dimmed">
              {name}: {count(items, 'item')}
            </Text>
          ))}
        </Fact>
        <Fact label="Returned">{sats(receipt.returnedSatoshis)}</Fact>
        {files.length > 0 && (
          <Fact label="Files">
            {files.map(({ filename, sha256 }, place) => (
              <Text key={place} size="xs">
                {filename} <code>{sha256 === undefined ? '' : `SHA-256 ${sha256}`}</code>
              </Text>
            ))}
          </Fact>
        )}
      </DataList>
      <Group>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => saveCsv(`receipt-${receipt.taskId}.csv`, receiptRows(receipt))}
        >
          Download the receipt
        </Button>
      </Group>
    </Stack>
  );
}

/** What was paid and returned for a task whose money has moved; read from the ledger when it is opened. */
export function ReceiptCard({ task }: { readonly task: Task }) {
  const [opened, { open }] = useDisclosure();
  const query = useReceipt(task, opened);
  if (!isSettled(task)) return null;
  return (
    <Paper withBorder p="lg">
      <Group justify="space-between" mb={opened ? 'md' : 0}>
        <Title order={2} size="h4">
          Receipt
        </Title>
        {!opened && (
          <Button variant="default" leftSection={<IconReceipt2 size={16} aria-hidden />} onClick={open}>
            Show the receipt
          </Button>
        )}
      </Group>
      {opened && <QueryState query={query}>{(receipt) => <Facts receipt={receipt} />}</QueryState>}
    </Paper>
  );
}
