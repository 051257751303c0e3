import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ledgerBalances } from '../../shared/ledger.ts';
import { localTable } from '../arguments.ts';

/** Sum and number of all ledger entries of the local stage; undefined if the table cannot be found. */
export async function ledgerSum(
  env: NodeJS.ProcessEnv,
): Promise<{ satoshis: number; entries: number } | undefined> {
  const table = localTable(env);
  if (table === undefined) return undefined;
  const client = new DynamoDBClient({
    endpoint: env['AWS_ENDPOINT_URL'] ?? 'http://127.0.0.1:4566',
    region: env['AWS_REGION'] ?? 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const balances = await ledgerBalances(table, client);
  return {
    satoshis: balances.reduce((sum, { satoshis }) => sum + satoshis, 0),
    entries: balances.reduce((sum, { entries }) => sum + entries, 0),
  };
}
