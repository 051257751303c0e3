import type { QuoteBody } from '../../contracts/api/task-bodies.ts';
import type { Kind } from '../../contracts/entities/common.ts';
import { DukeError } from '../../contracts/errors.ts';
import { objects } from '../../contracts/naming.ts';
import type { ExamplePayload, ItemPayload, ItemPrediction } from '../../contracts/serving/invocation.ts';
import type { DukeMMClient } from '../shared/duke-mm-client.ts';
import { logger } from '../shared/logger.ts';
import { ObjectMissing } from '../shared/objects.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { ModelStore } from '../shared/stores/model-store.ts';
import type { RecallStore } from '../shared/stores/recall-store.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { requestFor } from '../shared/invocation-request.ts';
import type { Question } from '../shared/invocation-request.ts';
import { roundAnswers } from '../shared/round-answers.ts';
import { answerReader } from './answers.ts';
import { MAX_CHUNK_BYTES } from './chunks.ts';
import { expandItems } from './expand-items.ts';
import type { Posting } from './posting.ts';
import { RandomSample } from './random-sample.ts';
import { isTableFile } from './tables.ts';
import { recalledFor, withReadAnswer, writeExamples } from './task-examples.ts';

export interface SampleDependencies {
  readonly models: ModelStore;
  readonly recalls: RecallStore;
  readonly uploads: ObjectStore;
  readonly work: ObjectStore;
  readonly dukeMM: DukeMMClient;
  /** Duration of the invocation in milliseconds, for the estimated time. */
  readonly stopwatch: () => number;
}

interface Answers {
  readonly confidences: readonly number[];
  readonly first: ItemPrediction;
  /** Estimated seconds for a number of items. */
  readonly secondsFor: (items: number) => number;
}

export interface Sample {
  /** Items that the buyer confirmed for the same question. */
  readonly confirmed: number;
  /** Absent if nothing was measured. */
  readonly answers?: Answers;
  /** Why nothing was measured. */
  readonly unmeasured: string | undefined;
}

/** Maximum sample size. Generating one text takes up to 10 s. */
const SAMPLE_ITEMS: Readonly<Record<Kind, number>> = { classification: 24, regression: 24, generation: 1 };
/** Larger tables cannot be read while the caller waits. */
const MAX_TABLE_BYTES = 20 * 1024 * 1024;
/** Timeout of the model, within a request of at most 28 s. */
const MODEL_TIMEOUT_MS = 18_000;
/** Overhead of a task besides the model: planning, queues, assembly. */
const OVERHEAD_SECONDS = 1;

interface Asked {
  /** Id of the quote, under which the examples are stored while Duke MM answers. */
  readonly id: string;
  readonly body: QuoteBody;
  readonly posting: Posting;
}

/**
 * Lets Duke MM answer a random sample of the items of a task before it is posted. If the model is busy, refuses or
 * fails, the quote has no measurement.
 * @throws DukeError file_not_usable for a file that cannot be read
 */
export async function sampleAnswers(deps: SampleDependencies, asked: Asked): Promise<Sample> {
  const { measure, family, files } = asked.posting;
  const base = {
    id: asked.id,
    family,
    kind: measure.kind,
    description: asked.body.description,
    labels: measure.labels,
    ...measure.labelOptions,
    target: asked.body.target,
    example_count: measure.exampleCount,
  };
  const [routing, recalled] = await Promise.all([deps.models.routing(), recalledFor(deps.recalls, base)]);
  const confirmed = recalled?.count ?? 0;
  const unmeasured = (why: string): Sample => ({ confirmed, unmeasured: why });
  if (!routing?.kinds.includes(measure.kind)) return unmeasured('Duke MM does not take tasks of this kind');
  const bytes = files.filter(isTableFile).reduce((sum, file) => sum + file.size_bytes, 0);
  if (bytes > MAX_TABLE_BYTES) return unmeasured('the tables are too large for a sample');

  const { items, examples } = await drawSample(deps, asked);
  const question: Question = {
    ...base,
    ...(recalled && { recalled }),
    ...(examples.length > 0 && { examples_sha256: await writeExamples(deps.work, asked.id, examples) }),
  };
  try {
    return { confirmed, ...(await ask(deps, asked, question, items, routing.production)) };
  } finally {
    if (examples.length > 0) await deps.work.remove(objects.examples(asked.id));
  }
}

async function drawSample(
  deps: SampleDependencies,
  { id, body, posting }: Asked,
): Promise<{ items: ItemPayload[]; examples: ExamplePayload[] }> {
  const task = { ...body, kind: posting.measure.kind };
  const files = new Map(posting.files.map((file) => [file.id, file]));
  const readAnswer = answerReader({ kind: task.kind, labels: posting.measure.labels });
  const sample = new RandomSample<ItemPayload>(SAMPLE_ITEMS[task.kind], id);
  const examples: ExamplePayload[] = [];
  try {
    for await (const expanded of expandItems({ task, inputs: body, files, uploads: deps.uploads })) {
      if ('example' in expanded) examples.push(withReadAnswer(expanded.example, readAnswer));
      else sample.add(expanded.item);
    }
  } catch (error) {
    if (!(error instanceof ObjectMissing || error instanceof Unreadable)) throw error;
    throw new DukeError('file_not_usable', `The files could not be read: ${error.message}.`, {
      cause: error,
    });
  }
  return { items: withinBytes(sample.items), examples };
}

/** The first items that fit into a request, at least one. */
function withinBytes(items: readonly ItemPayload[]): ItemPayload[] {
  let bytes = 0;
  return items.filter((item, i) => {
    bytes += Buffer.byteLength(JSON.stringify(item));
    return i === 0 || bytes <= MAX_CHUNK_BYTES;
  });
}

async function ask(
  deps: SampleDependencies,
  { id, body, posting }: Asked,
  question: Question,
  items: ItemPayload[],
  version: string,
): Promise<Pick<Sample, 'answers' | 'unmeasured'>> {
  const started = deps.stopwatch();
  try {
    const request = requestFor(deps.work.bucket, question, items);
    const invocation = await deps.dukeMM.invoke(request, version, AbortSignal.timeout(MODEL_TIMEOUT_MS));
    if (invocation.outcome !== 'answered')
      return {
        unmeasured: `Duke MM ${invocation.outcome === 'busy' ? 'is busy' : 'refused'}: ${invocation.why}`,
      };
    const answers = roundAnswers({ answer_form: posting.measure.answerForm }, invocation.response.items);
    const perItem = (deps.stopwatch() - started) / 1000 / items.length;
    return {
      unmeasured: undefined,
      answers: {
        confidences: answers.map(({ confidence }) => confidence),
        first: answers[0]!,
        secondsFor: (count) => Math.max(1, Math.ceil(OVERHEAD_SECONDS + perItem * count)),
      },
    };
  } catch (error) {
    logger.error('quote not measured', { error: error as Error, quote_id: id, files: body.files.length });
    return { unmeasured: 'Duke MM did not answer in time' };
  }
}
