import * as z from 'zod';
import { TaskFields } from './task-fields.ts';
import type { TaskStatus } from './task-fields.ts';

const base = TaskFields.omit({
  status: true,
  settlement: true,
  deadline_at: true,
  model_version: true,
  chunk_sizes: true,
  chunks_left: true,
  examples_sha256: true,
  recalled: true,
  assigned_at: true,
  started_at: true,
  submission: true,
  result_id: true,
  failure_reason: true,
  completed_at: true,
  review_until: true,
  settled_at: true,
});

/** Fields that exist once the task is split into chunks. */
const plan = TaskFields.pick({
  model_version: true,
  chunk_sizes: true,
  chunks_left: true,
  examples_sha256: true,
  recalled: true,
  assigned_at: true,
}).shape;

const { deadline_at, started_at, completed_at, submission } = TaskFields.shape;

const held = z.literal('held');
const refunded = z.literal('refunded');

export const Task = z.discriminatedUnion('status', [
  base.extend({ deadline_at, settlement: held, status: z.literal('created') }),
  base.extend({ deadline_at, settlement: held, ...plan, status: z.literal('assigned') }),
  base.extend({
    deadline_at,
    settlement: held,
    ...plan,
    status: z.literal('executing'),
    started_at,
    submission,
  }),
  base.extend({
    ...plan,
    ...TaskFields.pick({ settlement: true, result_id: true, review_until: true }).shape,
    ...TaskFields.pick({ settled_at: true }).partial().shape,
    status: z.literal('completed'),
    submission,
    started_at,
    completed_at,
  }),
  base.extend({
    ...z.object(plan).partial().shape,
    ...TaskFields.pick({ failure_reason: true }).shape,
    status: z.literal('failed'),
    submission,
    settlement: refunded,
    started_at: started_at.optional(),
    completed_at,
  }),
  base.extend({
    ...z.object(plan).partial().shape,
    status: z.literal('cancelled'),
    settlement: refunded,
    completed_at,
  }),
]);
export type Task = z.infer<typeof Task>;

export type TaskIn<S extends TaskStatus> = Extract<Task, { status: S }>;
