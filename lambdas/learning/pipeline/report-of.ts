import { ModelEvaluation } from '../../../contracts/learning/evaluation.ts';
import { objects } from '../../../contracts/naming.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import type { TrainedRun } from './run-of.ts';

/** Reads the evaluation report of a run. @throws Error if it is about another run, candidate or comparison */
export async function reportOf(work: ObjectStore, run: TrainedRun): Promise<ModelEvaluation> {
  const report = ModelEvaluation.parse(JSON.parse(await work.text(objects.report(run.id))));
  if (report.run !== run.id || report.version !== run.version || report.compared_with !== run.parent) {
    throw new Error(
      `the evaluation is of version ${report.version} against ${report.compared_with}, run ${report.run}; ` +
        `this is ${run.version} against ${run.parent}, run ${run.id}`,
    );
  }
  return report;
}
