import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { MadeModel, ModelRecord } from '../../contracts/entities/model.ts';
import { objects, s3Uri } from '../../contracts/naming.ts';
import type { ModelStore } from '../../lambdas/shared/stores/model-store.ts';
import { ScriptError, say } from './command-line.ts';
import { makeVersion } from './make-version.ts';
import type { Artifact } from './make-version.ts';

export const FIRST = '1';
const s3 = new S3Client();

/** SHA-256 stored with an artifact; undefined if there is no artifact. */
async function storedSha256(bucket: string, key: string): Promise<string | undefined> {
  try {
    return (await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).Metadata?.['sha256'] ?? '';
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFound') return undefined;
    throw error;
  }
}

async function upload(bucket: string, key: string, { bytes, sha256 }: Artifact): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: bytes,
      ContentType: 'application/gzip',
      Metadata: { sha256 },
      ChecksumAlgorithm: 'SHA256',
    }),
  );
}

/**
 * Ensures that version 1 is in the registry as its record says. Artifacts never change: an existing one is checked,
 * not replaced.
 * @throws ScriptError if artifact and record disagree
 */
export async function ensureFirstVersion(models: ModelStore, bucket: string): Promise<MadeModel> {
  const key = objects.artifact(FIRST);
  const [known, stored] = await Promise.all([models.version(FIRST), storedSha256(bucket, key)]);
  const record = madeOnly(known);
  if (record && stored === record.sha256) {
    say(`Version ${FIRST} is registered already`);
    return record;
  }
  if (record && stored !== undefined) {
    throw new ScriptError(
      `${s3Uri(bucket, key)} is not the artifact that is registered as version ${FIRST}.`,
    );
  }
  say(`Making version ${FIRST}`);
  const artifact = await makeVersion(FIRST);
  if (record && record.sha256 !== artifact.sha256) {
    throw new ScriptError(`The artifact of version ${FIRST} is gone, and cannot be made again as it was.`);
  }
  await upload(bucket, key, artifact);
  return record ?? registered(models, bucket, artifact);
}

/**
 * @throws ScriptError if a run has used the version number without making a version
 */
function madeOnly(record: ModelRecord | undefined): MadeModel | undefined {
  if (record?.state !== 'failed') return record;
  throw new ScriptError(`Version ${FIRST} was to be made by run ${record.run_id}, which failed.`);
}

async function registered(models: ModelStore, bucket: string, artifact: Artifact): Promise<MadeModel> {
  const record: MadeModel = {
    state: 'candidate',
    version: FIRST,
    artifact_uri: s3Uri(bucket, objects.artifact(FIRST)),
    sha256: artifact.sha256,
    size_bytes: artifact.bytes.length,
    kinds: artifact.kinds,
    parent: null,
    created_at: new Date().toISOString(),
    lineage: null,
    metrics: null,
    gate: null,
    report_key: null,
    model_card_key: null,
  };
  if (!(await models.register(record))) {
    throw new ScriptError(`Somebody else is registering version ${FIRST} at this moment: start again.`);
  }
  say(`Version ${FIRST} registered: ${record.size_bytes} bytes, sha256 ${record.sha256.slice(0, 12)}…`);
  return record;
}
