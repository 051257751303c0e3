import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { LedgerEntry } from '../../contracts/entities/wallet.ts';
import { parseRecord } from '../../lambdas/shared/stores/records.ts';

export interface Balance {
  readonly account: string;
  readonly entries: number;
  readonly satoshis: number;
}

/**
 * Sums every ledger entry of the table by account. Reads the whole table: for audits, not for requests.
 * @returns accounts in order; their satoshis sum to zero unless money was created or lost
 */
export async function ledgerBalances(tableName: string, client = new DynamoDBClient()): Promise<Balance[]> {
  const totals = new Map<string, { entries: number; satoshis: number }>();
  const pages = paginateScan(
    { client },
    {
      TableName: tableName,
      ConsistentRead: true,
      FilterExpression: '#entity = :entry',
      ExpressionAttributeNames: { '#entity': 'entity' },
      ExpressionAttributeValues: { ':entry': { S: 'entry' } },
    },
  );
  for await (const page of pages) {
    for (const item of page.Items ?? []) {
      const entry = parseRecord(LedgerEntry, unmarshall(item));
      const total = totals.get(entry.account) ?? { entries: 0, satoshis: 0 };
      totals.set(entry.account, {
        entries: total.entries + 1,
        satoshis: total.satoshis + entry.amount_satoshis,
      });
    }
  }
  return [...totals]
    .map(([account, total]) => ({ account, ...total }))
    .sort((a, b) => (a.account < b.account ? -1 : 1));
}
