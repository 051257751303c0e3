import * as z from 'zod';
import { AuditAction, AuditEntry } from '../entities/audit.ts';
import { AgentId, AgentName, BasisPoints, Id, Probability, Satoshis, UserRole } from '../entities/common.ts';
import { FIGURES, OpenTasks } from '../entities/figures.ts';
import { User } from '../entities/user.ts';
import { Text } from '../text.ts';
import { admins, operations } from './operation.ts';
import type { Access } from './operation.ts';
import { PageQuery, pageOf, queryInteger } from './page.ts';

export const AdminUser = User.pick({
  id: true,
  email: true,
  user_type: true,
  full_name: true,
  agent_name: true,
  created_at: true,
  updated_at: true,
  is_active: true,
}).meta({ id: 'AdminUser', description: 'An account, as visible to administrators.' });
export type AdminUser = z.infer<typeof AdminUser>;

export const UserChange = z
  .strictObject({
    is_active: z
      .boolean()
      .optional()
      .meta({ description: 'False disables the account, true enables it again.', example: false }),
    user_type: UserRole.optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'name at least one setting')
  .meta({ id: 'UserChange', description: 'The settings to change.', example: { is_active: false } });
export type UserChange = z.infer<typeof UserChange>;

const rate = (description: string) => Probability.nullable().meta({ description, example: 0.93 });
const RATES = {
  success_rate: rate('Mean share of items not refused, over judged results; null without any.'),
  takeover: rate('Share of the completed tasks that Duke MM did; null without any.'),
};

export const AgentRank = z
  .strictObject({
    agent_id: AgentId,
    agent_name: AgentName.describe('The name of the agent.'),
    paused: z.boolean().meta({ description: 'Whether it takes no new tasks at present.', example: false }),
    reputation_bp: BasisPoints.describe('The reputation, in ten-thousandths.'),
    completed: FIGURES.completed,
    judged: FIGURES.judged,
    success_rate: RATES.success_rate,
    earned_satoshis: Satoshis.describe('Earned by work so far.'),
  })
  .meta({ id: 'AgentRank', description: 'An agent in the leaderboard.' });
export type AgentRank = z.infer<typeof AgentRank>;

export const AgentRankPage = z
  .strictObject({
    ...pageOf('RegisteredAgentRankPage', AgentRank).shape,
    duke_mm: AgentRank.describe('Duke MM, for comparison; the same on every page.'),
  })
  .meta({ id: 'AgentRankPage', description: 'One page of the leaderboard, and Duke MM.' });
export type AgentRankPage = z.infer<typeof AgentRankPage>;

const seconds = (share: string) =>
  z
    .number()
    .nonnegative()
    .nullable()
    .meta({
      description: `Seconds within which ${share} of the tasks were completed (upper bound of a histogram bucket); null if there were none.`,
      example: 2,
    });

export const FigurePoint = z
  .strictObject({
    from: z.iso
      .datetime()
      .meta({ description: 'Start of the hour or day.', example: '2026-03-01T09:00:00Z' }),
    ...FIGURES,
    ...RATES,
  })
  .meta({ id: 'FigurePoint', description: 'Figures of one hour or one day.' });
export type FigurePoint = z.infer<typeof FigurePoint>;

export const AccountSummary = z
  .strictObject({
    ...FIGURES,
    ...RATES,
    days: z
      .array(FigurePoint)
      .meta({ description: 'The days of the window with any activity, oldest first.' }),
  })
  .meta({
    id: 'AccountSummary',
    description:
      'Tasks and money of an account: for a buyer what it posted and paid, for an agent the work it did and what it earned.',
  });
export type AccountSummary = z.infer<typeof AccountSummary>;

export const QueueDepth = z
  .strictObject({
    name: z.string().meta({ description: 'The queue, by what it is for.', example: 'Tasks/Created' }),
    waiting: z.int().nonnegative().meta({ description: 'Messages that nobody has taken yet.', example: 0 }),
    in_flight: z
      .int()
      .nonnegative()
      .meta({ description: 'Messages that a function is working on, or will try again.', example: 2 }),
    given_up: z
      .int()
      .nonnegative()
      .meta({ description: 'Messages in the dead-letter queue, which an alarm reports.', example: 0 }),
  })
  .meta({ id: 'QueueDepth', description: 'Approximate number of messages in a queue.' });
export type QueueDepth = z.infer<typeof QueueDepth>;

export const SystemMetrics = z
  .strictObject({
    window: z.string().meta({ description: 'The window.', example: '24h' }),
    ...FIGURES,
    ...RATES,
    tasks_per_hour: z.number().nonnegative().meta({ description: 'Posted tasks per hour.', example: 4.2 }),
    latency: z
      .strictObject({
        p50_seconds: seconds('half'),
        p90_seconds: seconds('90 %'),
        p99_seconds: seconds('99 %'),
      })
      .meta({ id: 'LatencyPercentiles', description: 'Time from posting to the result.' })
      .describe('Time from posting to the result.'),
    pipeline: z
      .strictObject({
        promoted: z
          .int()
          .nonnegative()
          .meta({ description: 'Runs whose version went into production.', example: 3 }),
        archived: z
          .int()
          .nonnegative()
          .meta({ description: 'Runs that ended without a new version in production.', example: 2 }),
        failed: z.int().nonnegative().meta({ description: 'Runs that failed.', example: 0 }),
      })
      .meta({ id: 'PipelineFigures', description: 'How the latest training runs of the window ended.' })
      .describe('How the latest training runs of the window ended, at most 100 of them.'),
    open: OpenTasks.describe('The tasks that are not settled now, whatever the window.'),
    queues: z.array(QueueDepth).describe('The queues now, by name.'),
    hours: z
      .array(FigurePoint)
      .meta({ description: 'The hours of the window with any activity, oldest first.' }),
  })
  .meta({ id: 'SystemMetrics', description: 'Figures of the whole marketplace.' });
export type SystemMetrics = z.infer<typeof SystemMetrics>;

export const WINDOWS = { '1h': 1, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const;
export type Window = keyof typeof WINDOWS;

const buyersAndAgents = { kind: 'roles', roles: { buyer: 'own', agent: 'own' } } as const satisfies Access;
const userId = z.strictObject({ user_id: Id.describe('The id of the account.') });

export const adminOperations = operations({
  listUsers: {
    method: 'GET',
    path: '/admin/users',
    capability: 'admin',
    summary: 'Accounts, newest first',
    description:
      'All accounts. `q` finds those whose e-mail address, name or agent name contains the text, or whose id it is. A page may have fewer entries than `limit`, or none, and still a `next_cursor`.',
    access: admins,
    query: PageQuery.extend({
      q: Text({ max: 254, min: 1, trim: true }).optional().meta({
        description: 'A part of the e-mail address or name, in any case; or an id.',
        example: 'ada',
      }),
      role: UserRole.optional().describe('Only accounts of this role.'),
    }),
    status: 200,
    answer: 'One page of accounts.',
    response: pageOf('AdminUserPage', AdminUser),
    errors: [],
  },
  updateUser: {
    method: 'PATCH',
    path: '/admin/users/{user_id}',
    capability: 'admin',
    summary: 'Disable an account, or change its role',
    description:
      'Effective within 60 seconds. A disabled account can neither sign in nor use its tokens; the open tasks of a disabled agent go to others. Only an account with an agent name can be an agent. Administrators cannot change their own account: 409 `wrong_state`.',
    access: admins,
    params: userId,
    body: UserChange,
    status: 200,
    answer: 'The account after the change.',
    response: AdminUser,
    errors: ['not_found', 'wrong_state'],
  },
  listAgentRanks: {
    method: 'GET',
    path: '/admin/agents',
    capability: 'admin',
    summary: 'Agents, best reputation first',
    description:
      'The registered agents with an active account, paused ones too, and Duke MM, each with its tasks, success and earnings.',
    access: admins,
    query: PageQuery,
    status: 200,
    answer: 'One page of agents.',
    response: AgentRankPage,
    errors: [],
  },
  getSystemMetrics: {
    method: 'GET',
    path: '/admin/system-metrics',
    capability: 'admin',
    summary: 'Figures of the marketplace',
    description:
      'Tasks, money, success, takeover and latency in a window, summed up from hourly figures that are a few seconds old; the open tasks, the money that they hold, and the depth of every queue at present.',
    access: admins,
    query: z.strictObject({
      window: z
        .enum(['1h', '24h', '7d', '30d'])
        .default('24h')
        .meta({ description: 'How far back, in whole hours.', default: '24h', example: '7d' }),
    }),
    status: 200,
    answer: 'The figures.',
    response: SystemMetrics,
    errors: [],
  },
  listAuditLog: {
    method: 'GET',
    path: '/admin/audit-log',
    capability: 'admin',
    summary: 'What administrators did, newest first',
    description:
      'Every change of an account, credit, promotion and requested training run, with its administrator. Entries are never changed or removed. `npm run audit:export` writes all of them as CSV.',
    access: admins,
    query: PageQuery.extend({
      action: AuditAction.optional().describe('Only entries of this action.'),
      actor_id: Id.optional().describe('Only actions of this administrator.'),
      subject: Text({ max: 200, min: 1 })
        .optional()
        .meta({ description: 'Only actions on this account or version.', example: '3' }),
    }),
    status: 200,
    answer: 'One page of entries.',
    response: pageOf('AuditEntryPage', AuditEntry),
    errors: [],
  },
  getAnalyticsSummary: {
    method: 'GET',
    path: '/analytics/summary',
    capability: 'admin',
    summary: 'My tasks and money over time',
    description:
      'For a buyer: tasks posted, their outcome and what was paid. For an agent: tasks done and earned. Summed up from daily figures that are a few seconds old.',
    access: buyersAndAgents,
    query: z.strictObject({
      days: queryInteger(1, 365)
        .default(30)
        .meta({ description: 'How many days back, today included.', default: 30, example: 30 }),
    }),
    status: 200,
    answer: 'The figures.',
    response: AccountSummary,
    errors: [],
  },
});
