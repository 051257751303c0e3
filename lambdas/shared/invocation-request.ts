import type { Task } from '../../contracts/entities/task.ts';
import type { Recalled } from '../../contracts/entities/training.ts';
import { objects, s3Uri } from '../../contracts/naming.ts';
import type { InvocationRequest, ItemPayload } from '../../contracts/serving/invocation.ts';

/** The fields of a task, or of a task to be quoted, that the model needs. */
export interface Question extends Pick<
  Task,
  | 'id'
  | 'family'
  | 'kind'
  | 'description'
  | 'labels'
  | 'label_descriptions'
  | 'class_weight'
  | 'target'
  | 'example_count'
> {
  readonly examples_sha256?: string | undefined;
  readonly recalled?: Recalled | undefined;
}

/** The invocation for some items. @param bucket that holds the examples */
export const requestFor = (bucket: string, task: Question, items: ItemPayload[]): InvocationRequest => ({
  task: {
    id: task.id,
    family: task.family,
    kind: task.kind,
    description: task.description,
    ...(task.labels && { labels: task.labels }),
    ...(task.label_descriptions && { label_descriptions: task.label_descriptions }),
    ...(task.class_weight !== undefined && { class_weight: task.class_weight }),
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
