import { Duration } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { DeadLetterQueue } from './work-queue.ts';

export interface StreamConsumerProps {
  readonly table: ITableV2;
  readonly worker: IFunction;
  /** Entities whose changes the worker receives. */
  readonly entities: readonly string[];
  /** Receives the changes that the worker failed to handle, and has the alarm for them. */
  readonly deadLetters: DeadLetterQueue;
}

/** Lets a function consume the stream of a table. */
export function consumeStream({ table, worker, entities, deadLetters }: StreamConsumerProps): void {
  worker.addEventSource(
    new DynamoEventSource(table, {
      // LATEST would miss changes written while the mapping starts.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      parallelizationFactor: 4,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10,
      // Bounds how long a poison record blocks its shard on emulators that retry endlessly.
      maxRecordAge: Duration.hours(1),
      onFailure: new SqsDlq(deadLetters),
      filters: [
        FilterCriteria.filter({ dynamodb: { NewImage: { entity: { S: FilterRule.or(...entities) } } } }),
      ],
    }),
  );
}
