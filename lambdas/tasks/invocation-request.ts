import type { Task } from '../../contracts/entities/task.ts';
import type { Recalled } from '../../contracts/entities/training.ts';
import { objects, s3Uri } from '../../contracts/naming.ts';
import type { InvocationRequest, ItemPayload } from '../../contracts/serving/invocation.ts';

/** What the model must know of a task, or of one that a quote is asked for. */
export interface Question extends Pick<
  Task,
  'id' | 'family' | 'kind' | 'description' | 'labels' | 'target' | 'example_count'
> {
  readonly examples_sha256?: string | undefined;
  readonly recalled?: Recalled | undefined;
}

/** The request that lets Duke MM answer some items. @param bucket where the examples lie */
export const requestFor = (bucket: string, task: Question, items: ItemPayload[]): InvocationRequest => ({
  task: {
    id: task.id,
    family: task.family,
    kind: task.kind,
    description: task.description,
    ...(task.labels && { labels: task.labels }),
    ...(task.target !== undefined && { target: task.target }),
  },
  ...(task.examples_sha256 !== undefined && {
    examples: {
      uri: s3Uri(bucket, objects.examples(task.id)),
      sha256: task.examples_sha256,
      count: task.example_count,
    },
  }),
  ...(task.recalled && { recalled: task.recalled }),
  items,
});
