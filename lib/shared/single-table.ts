import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { FULL_INDEXES, INDEXES } from '../../contracts/naming.ts';
import type { IndexName } from '../../contracts/naming.ts';
import type { StageConfig } from '../stage-config.ts';
import type { NeedsEnv } from './typed-function.ts';

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const WRITE = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:ConditionCheckItem',
];

const text = (name: string) => ({ name, type: AttributeType.STRING });

/**
 * The only table. Its indexes hold keys only, except for `FULL_INDEXES`: a list reads a page of keys and then the items, so
 * that a write does not copy the item to an index.
 */
export class SingleTable extends Construct {
  readonly table: TableV2;
  private readonly key: IKey | undefined;

  constructor(scope: Construct, id: string, { stage, key }: { stage: StageConfig; key?: IKey }) {
    super(scope, id);
    this.key = key;
    this.table = new TableV2(this, 'Table', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      globalSecondaryIndexes: (Object.entries(INDEXES) as [IndexName, string][]).map(([name, indexName]) => ({
        indexName,
        partitionKey: text(`${indexName}pk`),
        sortKey: text(`${indexName}sk`),
        projectionType: FULL_INDEXES.has(name) ? ProjectionType.ALL : ProjectionType.KEYS_ONLY,
      })),
      billing: Billing.onDemand(),
      encryption: key ? TableEncryptionV2.customerManagedKey(key) : TableEncryptionV2.dynamoOwnedKey(),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.durable,
      removalPolicy: stage.durable ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Never allows `Scan`. */
  grant(fn: NeedsEnv<'TABLE_NAME'>, access: 'read' | 'readWrite', indexes: readonly IndexName[] = []): void {
    fn.set({ TABLE_NAME: this.table.tableName });
    fn.allow(
      new PolicyStatement({
        actions: access === 'read' ? READ : [...READ, ...WRITE],
        resources: [this.table.tableArn],
      }),
    );
    if (indexes.length > 0) {
      const resources = indexes.map((name) => `${this.table.tableArn}/index/${INDEXES[name]}`);
      fn.allow(new PolicyStatement({ actions: ['dynamodb:Query'], resources }));
    }
    if (this.key) {
      // DynamoDB uses the key on behalf of the caller, for reads and writes.
      fn.allow(new PolicyStatement({ actions: ['kms:Decrypt'], resources: [this.key.keyArn] }));
    }
  }
}
