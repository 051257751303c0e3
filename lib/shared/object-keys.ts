import { jobName, objects } from '../../contracts/naming.ts';

/** Placeholder ids of zeros; no constant part of a key has a zero. */
const ID = '00000000-0000-0000-0000-000000000000';
const DAY = '0000-00-00';
const SHA256 = '0'.repeat(64);
/** Format of lambdas/shared/question.ts. */
const QUESTION = '0'.repeat(24);
/** Format of the families of lambdas/tasks/measure.ts. */
const FAMILY = `fam_${'0'.repeat(24)}`;
/** Hash of corrections, in the length of lambdas/tasks. */
const SHORT_HASH = '0'.repeat(16);

/** In a policy `?` matches exactly one character, so that a role can access only keys of this form and length. */
const shape = (key: string): string => key.replaceAll('0', '?');

/** The keys of contracts/naming.ts as patterns for policies. */
export const objectKeys = {
  uploadText: shape(objects.upload('text', ID)),
  uploadArchive: shape(objects.upload('archive', ID)),
  uploadMedia: shape(objects.upload('media', ID)),
  ready: shape(objects.ready(ID, SHA256)),
  preview: shape(objects.preview(ID, SHA256, 0)),
  quarantine: shape(objects.quarantine(ID)),
  taskInputs: shape(objects.taskInputs(ID)),
  examples: shape(objects.examples(ID)),
  chunkItems: shape(objects.chunkItems(ID, 0)),
  chunkResults: shape(objects.chunkResults(ID, 0)),
  itemIds: shape(objects.itemIds(ID)),
  draft: shape(objects.draft(ID, 0, 0, SHORT_HASH)),
  outputCsv: shape(objects.output(ID, 'csv')),
  outputJson: shape(objects.output(ID, 'json')),
  outputJsonl: shape(objects.output(ID, 'jsonl')),
  judgedOutputCsv: shape(objects.judgedOutput(ID, SHORT_HASH, 'csv')),
  judgedOutputJson: shape(objects.judgedOutput(ID, SHORT_HASH, 'json')),
  judgedOutputJsonl: shape(objects.judgedOutput(ID, SHORT_HASH, 'jsonl')),
  corrections: shape(objects.corrections(ID, SHORT_HASH)),
  recalled: shape(objects.recalled(QUESTION, SHA256)),
  outcomes: shape(objects.outcomes(ID, DAY)),
  withdrawal: shape(objects.withdrawal(FAMILY, DAY)),
  compactedOutcomes: shape(objects.compactedOutcomes(DAY, SHA256)),
  manifest: shape(objects.manifest(ID)),
  dataTrain: shape(objects.dataShard(ID, 'train', 0)),
  dataValidation: shape(objects.dataShard(ID, 'validation', 0)),
  dataReservoir: shape(objects.dataShard(ID, 'reservoir', 0)),
  trainingLog: shape(objects.trainingLog(ID)),
  recomposed: shape(objects.recomposed(ID)),
  report: shape(objects.report(ID)),
  modelCard: shape(objects.modelCard(ID)),
} as const;
export type ObjectKey = keyof typeof objectKeys | 'artifact' | 'shadowAnswers' | 'trained' | 'jobOutput';

/** Versions of the model have one to nine digits. */
const perVersion = (key: (version: string) => string): readonly string[] =>
  Array.from({ length: 9 }, (_, i) => shape(key('0'.repeat(i + 1))));
export const artifactKeys = perVersion(objects.artifact);
const shadowKeys = perVersion((version) => objects.shadowAnswers(ID, version));

/** Jobs are named after stage and run. */
export const trainedKeys: readonly string[] = ['dev', 'prod', 'local'].map((stage) =>
  shape(objects.trained(ID, jobName(stage, ID))),
);

/** SageMaker writes the files of `/opt/ml/output/data` beside the model, even if there are none. */
const jobOutputKeys: readonly string[] = trainedKeys.map((key) => key.replace(/[^/]+$/, 'output.tar.gz'));

export function patternsOf(kind: ObjectKey): readonly string[] {
  if (kind === 'artifact') return artifactKeys;
  if (kind === 'shadowAnswers') return shadowKeys;
  if (kind === 'jobOutput') return jobOutputKeys;
  return kind === 'trained' ? trainedKeys : [objectKeys[kind]];
}

/** Checkpoints: the trainer names the objects in this folder. */
export const CHECKPOINTS = `${shape(objects.trainingLog(ID)).replace(/[^/]+$/, '')}*`;
