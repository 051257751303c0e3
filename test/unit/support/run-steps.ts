import { readFileSync } from 'node:fs';
import { ModelEvaluation } from '../../../contracts/learning/evaluation.ts';
import type { EvaluationSettings } from '../../../lambdas/learning/pipeline/job-requests.ts';

const sample = (name: string): ModelEvaluation =>
  ModelEvaluation.parse(
    JSON.parse(readFileSync(new URL(`../../contract/${name}.json`, import.meta.url), 'utf8')),
  );

/** The samples that both sides of the contract read. */
export const report = sample('evaluation');
export const heldBackReport = sample('evaluation-held-back');

export const settings: EvaluationSettings = {
  revenueDecides: false,
  stage: 'dev',
  image: 'duke-mm',
  roleArn: 'arn:aws:iam::000000000000:role/trainer',
  instanceType: 'ml.g4dn.xlarge',
  workBucket: 'work',
  kmsKeyArn: 'arn:aws:kms:eu-central-1:000000000000:key/1',
  maxMinutes: 60,
};

/** A line of a trainer's log. */
export const epoch = (n: number) => ({
  event: 'epoch',
  epoch: n,
  train_loss: 1 / n,
  val_loss: 1 / n,
  accuracy: 0.5,
  f1: 0.5,
  seconds: 1,
});
