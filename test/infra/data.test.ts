import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { FULL_INDEXES, INDEXES } from '../../contracts/naming.ts';
import { synthesized } from './synth.ts';

const AWS = ['dev', 'prod'] as const;
const ALL = ['local', ...AWS] as const;

describe.each(ALL)('durable data on %s', (name) => {
  const { data, stage } = synthesized(name);
  const table = data.only('AWS::DynamoDB::GlobalTable');
  const buckets = data.ofType('AWS::S3::Bucket');

  test('the table has a stream, a time to live and point-in-time recovery', () => {
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
    expect(table.Properties.Replicas).toEqual([
      expect.objectContaining({
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: stage.durable,
      }),
    ]);
  });

  test('the indexes are those of the contract and project keys only', () => {
    expect(table.Properties.GlobalSecondaryIndexes).toEqual(
      (Object.entries(INDEXES) as [keyof typeof INDEXES, string][]).map(([name, index]) => ({
        IndexName: index,
        KeySchema: [
          { AttributeName: `${index}pk`, KeyType: 'HASH' },
          { AttributeName: `${index}sk`, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: FULL_INDEXES.has(name) ? 'ALL' : 'KEYS_ONLY' },
      })),
    );
  });

  test('buckets are private and encrypted, enforce ownership, and abort incomplete uploads', () => {
    expect(buckets).toHaveLength(3);
    for (const [, { Properties }] of buckets) {
      expect(Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(Properties.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
      expect(Properties.BucketEncryption).toBeDefined();
      expect(Properties.LifecycleConfiguration).toBeDefined();
    }
    const holding = buckets.filter(([, { Properties }]) => Properties.VersioningConfiguration);
    expect(holding).toHaveLength(2);
    for (const [, { Properties }] of holding) {
      expect(Properties.LoggingConfiguration).toBeDefined();
      const { Rules } = z.object({ Rules: z.array(z.unknown()) }).parse(Properties.LifecycleConfiguration);
      expect(Rules[0]).toMatchObject({
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      });
    }
  });

  test('previews expire, because they can be drawn again; other objects do not', () => {
    const expiring = buckets.flatMap(([, { Properties }]) =>
      z
        .object({ Rules: z.array(z.looseObject({ ExpirationInDays: z.int().optional() })) })
        .parse(Properties.LifecycleConfiguration)
        .Rules.filter(
          ({ ExpirationInDays, Prefix }) => ExpirationInDays !== undefined && Prefix !== undefined,
        ),
    );
    expect(expiring).toEqual([{ ExpirationInDays: 90, Prefix: 'previews/', Status: 'Enabled' }]);
  });

  test('buckets reject requests without TLS', () => {
    const guarded = data.ofType('AWS::S3::BucketPolicy').filter(([, { Properties }]) => {
      const { Statement } = z
        .object({ Statement: z.array(z.object({ Effect: z.string(), Condition: z.unknown() })) })
        .parse(Properties.PolicyDocument);
      const denied = Statement.filter(({ Effect }) => Effect === 'Deny').map(({ Condition }) => Condition);
      return JSON.stringify(denied).includes('{"Bool":{"aws:SecureTransport":"false"}}');
    });
    expect(guarded).toHaveLength(buckets.length);
  });

  test('uploads send events through EventBridge, without a custom resource', () => {
    const announcing = buckets.filter(([, { Properties }]) => Properties.NotificationConfiguration);
    expect(announcing.map(([, { Properties }]) => Properties.NotificationConfiguration)).toEqual([
      { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    ]);
    expect([...data.resources.values()].filter(({ Type }) => /^Custom::|CustomResource/.test(Type))).toEqual(
      [],
    );
  });

  test('CORS allows our pages to post and read, and nothing else', () => {
    const rules = buckets.flatMap(([, { Properties }]) => {
      const cors = z
        .object({
          CorsRules: z.array(z.object({ AllowedOrigins: z.array(z.string()), AllowedMethods: z.unknown() })),
        })
        .optional()
        .parse(Properties.CorsConfiguration);
      return cors?.CorsRules ?? [];
    });
    expect(rules.flatMap(({ AllowedOrigins }) => AllowedOrigins)).toEqual(stage.webOrigins);
    for (const { AllowedMethods } of rules) expect(AllowedMethods).toEqual(['POST', 'PUT', 'GET']);
  });

  test('the user pool has three groups and a client without a secret', () => {
    const groups = data
      .ofType('AWS::Cognito::UserPoolGroup')
      .map(([, { Properties }]) => Properties.GroupName);
    expect(groups).toEqual(['buyer', 'agent', 'admin']);
    expect(data.only('AWS::Cognito::UserPool').Properties).toMatchObject({
      DeletionProtection: stage.durable ? 'ACTIVE' : 'INACTIVE',
      Policies: { PasswordPolicy: { MinimumLength: 12, RequireSymbols: false } },
      UsernameAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
    });
    expect(data.only('AWS::Cognito::UserPoolClient').Properties).toMatchObject({
      GenerateSecret: false,
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      EnableTokenRevocation: true,
      PreventUserExistenceErrors: 'ENABLED',
      AccessTokenValidity: 60,
      IdTokenValidity: 60,
      RefreshTokenValidity: 30 * 24 * 60,
    });
  });

  test('data is retained when the stack is deleted, where the stage requires it', () => {
    const kept = ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::Cognito::UserPool', 'AWS::KMS::Key'];
    const policies = kept.flatMap((type) =>
      data.ofType(type).map(([, { DeletionPolicy }]) => DeletionPolicy),
    );
    expect(new Set(policies)).toEqual(new Set([stage.durable ? 'Retain' : 'Delete']));
  });
});

describe.each(AWS)('the key of %s', (name) => {
  const { data } = synthesized(name);

  test('is rotated yearly and encrypts the table and both buckets', () => {
    const [[id, key] = []] = data.ofType('AWS::KMS::Key');
    expect(key?.Properties.EnableKeyRotation).toBe(true);
    expect(data.only('AWS::DynamoDB::GlobalTable').Properties.SSESpecification).toEqual({
      SSEEnabled: true,
      SSEType: 'KMS',
    });
    const underKey = data
      .ofType('AWS::S3::Bucket')
      .filter(([, { Properties }]) => JSON.stringify(Properties.BucketEncryption).includes(`"${id}"`));
    expect(underKey).toHaveLength(2);
  });
});
