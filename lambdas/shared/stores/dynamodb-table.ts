import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { INDEXES } from '../../../contracts/naming.ts';
import type { Key } from '../../../contracts/naming.ts';
import { backoff, retry, RetryableError } from '../retry.ts';
import { conditionExpression, updateExpression } from './expressions.ts';
import { ConditionFailed } from './table.ts';
import type { Item, Query, Table, TransactionStep, Write } from './table.ts';

const BATCH_GET_LIMIT = 100;
/** A transaction rejects other writes of its items; the SDK does not retry those. */
const CONFLICT_RETRIES = {
  attempts: 8,
  waitMs: backoff(40),
  isRetryable: (error: unknown) =>
    error instanceof TransactionCanceledException || error instanceof TransactionConflictException,
};
/** DynamoDB returns the keys that it had no capacity for. Only the function's timeout ends the attempts. */
const UNPROCESSED_RETRIES = { attempts: Infinity, waitMs: backoff(80, 5_120) };

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** @param tableName of the one table. The client's region and endpoint come from the environment. */
export function dynamoDbTable(tableName: string, client = new DynamoDBClient()): Table {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const TableName = tableName;

  const toTransactItem = (step: TransactionStep): TransactItem => {
    if ('put' in step) return { Put: { TableName, Item: step.put, ...conditionExpression(step.when) } };
    if ('update' in step) return { Update: { TableName, Key: step.update, ...updateExpression(step) } };
    if ('delete' in step)
      return { Delete: { TableName, Key: step.delete, ...conditionExpression(step.when) } };
    const { ConditionExpression = '', ...names } = conditionExpression(step.when);
    return { ConditionCheck: { TableName, Key: step.check, ConditionExpression, ...names } };
  };

  const transact = async (steps: readonly TransactionStep[]): Promise<void> => {
    const TransactItems = steps.map(toTransactItem);
    await retry(async () => {
      try {
        await documents.send(new TransactWriteCommand({ TransactItems }));
      } catch (error) {
        const failed = error instanceof TransactionCanceledException ? failedSteps(error) : [];
        if (failed.length > 0) throw new ConditionFailed(failed, { cause: error });
        throw error;
      }
    }, CONFLICT_RETRIES);
  };

  return {
    async get(key, options) {
      const { Item } = await documents.send(
        new GetCommand({ TableName, Key: key, ConsistentRead: options?.consistent ?? false }),
      );
      return Item;
    },
    getMany: (keys, options) => getMany(documents, TableName, keys, options?.consistent ?? false),
    async query(query) {
      if (isRange(query) && query.before <= query.prefix) return []; // DynamoDB rejects a range that ends before it begins.
      const { Items = [] } = await documents.send(new QueryCommand({ TableName, ...queryInput(query) }));
      return isRange(query) ? withoutBound(Items, query) : Items;
    },
    write: (step) =>
      isRepeatable(step) ? retry(() => send(documents, TableName, step), CONFLICT_RETRIES) : transact([step]),
    writeRepeatable: (step) => retry(() => send(documents, TableName, step), CONFLICT_RETRIES),
    transact,
  };
}

/**
 * Whether a write may run twice. The SDK sends a request again if its answer was lost. A conditional write would then fail
 * by its own effect, and an addition would count twice; as transactions they carry a token that makes them run once
 * (docs/adr/0044).
 */
const isRepeatable = (step: Write): boolean =>
  (step.when ?? []).length === 0 && !('update' in step && step.add !== undefined);

const failedSteps = (error: TransactionCanceledException): number[] =>
  (error.CancellationReasons ?? []).flatMap((reason, i) =>
    reason.Code === 'ConditionalCheckFailed' ? [i] : [],
  );

async function send(documents: DynamoDBDocumentClient, TableName: string, step: Write): Promise<void> {
  try {
    if ('put' in step)
      await documents.send(new PutCommand({ TableName, Item: step.put, ...conditionExpression(step.when) }));
    else if ('update' in step)
      await documents.send(new UpdateCommand({ TableName, Key: step.update, ...updateExpression(step) }));
    else
      await documents.send(
        new DeleteCommand({ TableName, Key: step.delete, ...conditionExpression(step.when) }),
      );
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw new ConditionFailed([0], { cause: error });
    throw error;
  }
}

async function getMany(
  documents: DynamoDBDocumentClient,
  TableName: string,
  keys: readonly Key[],
  ConsistentRead: boolean,
): Promise<Item[]> {
  const name = (key: { pk?: unknown; sk?: unknown }) => JSON.stringify([key.pk, key.sk]);
  const found = new Map<string, Item>();
  const unique = [...new Map(keys.map((key) => [name(key), { pk: key.pk, sk: key.sk }])).values()];
  for (let start = 0; start < unique.length; start += BATCH_GET_LIMIT) {
    let Keys: Record<string, unknown>[] = unique.slice(start, start + BATCH_GET_LIMIT);
    await retry(async () => {
      const { Responses, UnprocessedKeys } = await documents.send(
        new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead } } }),
      );
      for (const item of Responses?.[TableName] ?? []) found.set(name(item), item);
      Keys = UnprocessedKeys?.[TableName]?.Keys ?? [];
      if (Keys.length > 0) throw new RetryableError(`DynamoDB left ${Keys.length} keys unprocessed`);
    }, UNPROCESSED_RETRIES);
  }
  return keys.map((key) => found.get(name(key))).filter((item) => item !== undefined);
}

const attributesOf = ({ index }: Query): [pk: string, sk: string] =>
  index ? [`${INDEXES[index]}pk`, `${INDEXES[index]}sk`] : ['pk', 'sk'];

/** `prefix` with `before`: DynamoDB allows one condition on the sort key, and BETWEEN includes its upper end. */
const isRange = (query: Query): query is Query & { prefix: string; before: string } =>
  query.prefix !== undefined && query.before !== undefined;
const withoutBound = (items: Item[], query: Query): Item[] =>
  items.filter((item) => item[attributesOf(query)[1]] !== query.before).slice(0, query.limit);

function queryInput(query: Query) {
  const [pk, sk] = attributesOf(query);
  const range = rangeOf(query);
  return {
    ...(query.index && { IndexName: INDEXES[query.index] }),
    KeyConditionExpression: `#pk = :pk${range.text}`,
    ExpressionAttributeNames: { '#pk': pk, ...(range.text && { '#sk': sk }) },
    ExpressionAttributeValues: { ':pk': query.pk, ...range.values },
    ScanIndexForward: !query.newestFirst,
    Limit: isRange(query) ? query.limit + 1 : query.limit,
    ConsistentRead: query.consistent ?? false,
  };
}

function rangeOf(query: Query): { text: string; values: Record<string, string> } {
  if (isRange(query)) {
    return {
      text: ' AND #sk BETWEEN :prefix AND :before',
      values: { ':prefix': query.prefix, ':before': query.before },
    };
  }
  if (query.before !== undefined) return { text: ' AND #sk < :before', values: { ':before': query.before } };
  // BETWEEN includes its ends. A key with a space appended sorts after the key and before all others.
  if (query.upTo !== undefined && query.after !== undefined)
    return {
      text: ' AND #sk BETWEEN :from AND :upTo',
      values: { ':from': `${query.after} `, ':upTo': query.upTo },
    };
  if (query.upTo !== undefined) return { text: ' AND #sk <= :upTo', values: { ':upTo': query.upTo } };
  if (query.prefix !== undefined)
    return { text: ' AND begins_with(#sk, :prefix)', values: { ':prefix': query.prefix } };
  return { text: '', values: {} };
}
