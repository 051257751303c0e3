import { deflateSync } from 'node:zlib';
import { DukeNet } from '../../client/typescript/src/index.ts';
import type { Schemas } from '../../client/typescript/src/types.ts';
import type { MediaType } from '../../client/typescript/src/uploads.ts';
import { mailTable, sampleMails } from '../../scripts/demo/mails.ts';
import { pdf } from '../support/media/pdfs.ts';
import { png } from '../support/media/pictures.ts';
import { wav } from '../support/media/sounds.ts';

/** Password of the three accounts of the local stage. */
export const PASSWORD = 'DukeNET-local-1';
export const EMAILS = {
  buyer: 'buyer@dukenet.local',
  agent: 'agent@dukenet.local',
  admin: 'admin@dukenet.local',
} as const;

export interface World {
  /** A result of Duke MM that waits for its verdict. */
  readonly toReview: string;
  readonly accepted: string;
  readonly rejected: string;
  /** Tasks in the agent's queue, by the type of their items. */
  readonly queue: Readonly<Record<'text' | 'table' | 'picture' | 'sound' | 'document', string>>;
}

const AGENT = 'agent-1';

/** A striped picture: enough to tell two of them apart on a screenshot. */
function picture(hue: readonly [number, number, number]): Buffer {
  const [width, height] = [320, 200];
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const shade = (x + y) % 40 < 20 ? 1 : 0.6;
      hue.forEach((value, i) => (rows[y * (width * 3 + 1) + 1 + x * 3 + i] = Math.round(value * shade)));
    }
  return png({ width, height, colour: 2, pixels: deflateSync(rows) });
}

/** Two seconds of a sine. */
function tone(hertz: number): Buffer {
  const rate = 16_000;
  const samples = Buffer.alloc(rate * 4);
  for (let i = 0; i < rate * 2; i++)
    samples.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * hertz * i) / rate)), i * 2);
  return wav({ samples, rate });
}

async function sendAll(
  buyer: DukeNet,
  content_type: MediaType,
  files: Readonly<Record<string, Buffer>>,
): Promise<string[]> {
  const sent = Object.entries(files).map(([filename, data]) =>
    buyer.upload({ filename, content_type, data: new Uint8Array(data) }),
  );
  return (await Promise.all(sent)).map(({ id }) => id);
}

const post = (buyer: DukeNet, body: Schemas['CreateTask']) => buyer.call('createTask', { body });
/** Posts a task for the registered agent. @returns its id */
const postForAgent = async (buyer: DukeNet, body: Schemas['CreateTask']): Promise<string> =>
  (await post(buyer, { ...body, preferred_agent: AGENT })).id;

const PLACES = ['A soup of carrots', 'The night train to Rome', 'Fresh bread', 'A window seat, please'];
const foodOrTravel: Schemas['CreateTask'] = {
  description: 'Is it about food or about travel?',
  complexity: 1,
  labels: ['food', 'travel'],
  items: PLACES.map((text) => ({ fields: { text } })),
};

async function fillQueue(buyer: DukeNet): Promise<World['queue']> {
  const pictures = await sendAll(buyer, 'image/png', {
    'front.png': picture([220, 70, 60]),
    'side.png': picture([60, 120, 220]),
    'back.png': picture([70, 170, 90]),
  });
  const sounds = await sendAll(buyer, 'audio/wav', { 'low.wav': tone(220), 'high.wav': tone(880) });
  const documents = await sendAll(buyer, 'application/pdf', {
    'invoice-7.pdf': pdf({ pages: ['Invoice 7: 1,240.00 EUR, due 1 December'] }),
    'invoice-8.pdf': pdf({ pages: ['Invoice 8: 88.50 EUR, due 15 December'] }),
  });
  const texts = sampleMails(6, 11).map(({ text }) => ({ fields: { mail: text } }));
  return {
    text: await postForAgent(buyer, {
      description: 'Is this mail spam?\nDecide by what the sender wants, not by the language.',
      complexity: 1,
      labels: ['ham', 'spam'],
      items: texts,
      examples: [
        { fields: { mail: 'You have won a watch' }, expected: 'spam' },
        { fields: { mail: 'Minutes of the meeting on Monday' }, expected: 'ham' },
      ],
    }),
    table: await postForAgent(buyer, {
      description: 'Estimate the price of the flat in euros.',
      complexity: 2,
      kind: 'regression',
      items: [
        { id: 'flat-1', fields: { city: 'Lyon', rooms: 3, square_metres: 72, balcony: true } },
        { id: 'flat-2', fields: { city: 'Graz', rooms: 2, square_metres: 51, balcony: false } },
      ],
      examples: [
        { fields: { city: 'Lyon', rooms: 2, square_metres: 48, balcony: false }, expected: 231_000 },
        { fields: { city: 'Graz', rooms: 3, square_metres: 75, balcony: true }, expected: 268_000 },
        { fields: { city: 'Graz', rooms: 1, square_metres: 33, balcony: true }, expected: 142_000 },
      ],
    }),
    picture: await postForAgent(buyer, {
      description: 'Which colour do the stripes have?',
      complexity: 1,
      labels: ['blue', 'green', 'red', 'yellow'],
      files: pictures,
    }),
    sound: await postForAgent(buyer, {
      description: 'Is the tone high or low?',
      complexity: 1,
      labels: ['high', 'low'],
      files: sounds,
    }),
    document: await postForAgent(buyer, {
      description: 'Summarise the invoice in one sentence.',
      complexity: 1,
      kind: 'generation',
      files: documents,
    }),
  };
}

async function finish(buyer: DukeNet, body: Schemas['CreateTask']): Promise<Schemas['Task']> {
  const task = await buyer.createAndWait(body);
  if (task.status !== 'completed') throw new Error(`Task ${task.id}: ${task.failure_reason ?? task.status}`);
  return task;
}

async function judge(
  buyer: DukeNet,
  task: Schemas['Task'],
  body: (items: readonly Schemas['ResultItem'][]) => Schemas['Feedback'],
): Promise<string> {
  const result_id = task.result_id!;
  const { items } = await buyer.call('getResult', { params: { result_id } });
  await buyer.call('giveFeedback', { params: { result_id }, body: body(items) });
  return task.id;
}

/** The agent does one task, and the buyer pays for it. */
async function deliverOne(buyer: DukeNet, agent: DukeNet): Promise<void> {
  const task_id = await postForAgent(buyer, { ...foodOrTravel, description: 'Food or travel?' });
  // The items are there once the task is assigned.
  for (let i = 0; i < 50; i++) {
    if ((await agent.call('getTask', { params: { task_id } })).status === 'assigned') break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { items } = await agent.call('listTaskItems', { params: { task_id } });
  const { result } = await agent.call('submitResult', {
    params: { task_id },
    body: { items: items.map(({ id }, i) => ({ id, prediction: i % 2 ? 'travel' : 'food' })) },
  });
  if (!result) throw new Error('The agent answered every item, and there is no result.');
  await buyer.call('giveFeedback', {
    params: { result_id: result.id },
    body: { verdict: 'accept', rating: 5, comment: 'Quick and right.' },
  });
}

/**
 * Fills an empty platform with what the pages show: tasks in every state, files of every type, work of the agent, money that
 * moved, what an administrator did.
 */
export async function makeWorld(baseUrl: string): Promise<World> {
  const as = (email: string) => new DukeNet({ baseUrl }).login(email, PASSWORD);
  const [buyer, agent, admin] = await Promise.all([as(EMAILS.buyer), as(EMAILS.agent), as(EMAILS.admin)]);
  await agent.call('updateAgent', {
    body: { paused: false, capacity: 8, description: 'Careful reading, in English and German.' },
  });
  await deliverOne(buyer, agent);
  const queue = await fillQueue(buyer);
  const [table] = await sendAll(buyer, 'text/csv', {
    'mails.csv': Buffer.from(mailTable(sampleMails(104, 7), 24)),
  });
  const toReview = await finish(buyer, {
    description: 'Decide for each mail whether it is spam or ham.',
    complexity: 1,
    files: [table!],
    target: 'label',
  });
  const accepted = await judge(buyer, await finish(buyer, foodOrTravel), () => ({
    verdict: 'accept',
    rating: 4,
  }));
  const rejected = await judge(buyer, await finish(buyer, foodOrTravel), ([first]) => ({
    verdict: 'reject',
    comment: 'The first one is wrong.',
    corrections: [{ item_id: first!.id, expected: first!.prediction === 'food' ? 'travel' : 'food' }],
  }));
  const users = await admin.call('listUsers', { query: { q: EMAILS.buyer } });
  await admin.call('creditWallet', {
    body: { user_id: users.items[0]!.id, amount_satoshis: 250_000, reason: 'Invoice 2026-117' },
  });
  return { toReview: toReview.id, accepted, rejected, queue };
}
