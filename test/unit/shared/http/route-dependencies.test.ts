import { expectTypeOf, it } from 'vitest';
import type { fileOperations } from '../../../../contracts/api/files.ts';
import type { identityOperations } from '../../../../contracts/api/identity.ts';
import type { insightOperations } from '../../../../contracts/api/insight.ts';
import type { modelOperations } from '../../../../contracts/api/model.ts';
import type { Operation } from '../../../../contracts/api/operation.ts';
import type { resultOperations, verdictOperations } from '../../../../contracts/api/results.ts';
import type { taskOperations } from '../../../../contracts/api/tasks.ts';
import { walletOperations } from '../../../../contracts/api/wallet.ts';
import { createApi } from '../../../../lambdas/shared/http/api.ts';
import type { Handlers } from '../../../../lambdas/shared/http/api.ts';
import type { Needs } from '../../../../lambdas/shared/http/route-dependencies.ts';

it('requires exactly the dependencies of the routes of each capability', () => {
  type All = 'authenticate' | 'cursors' | 'remember';
  expectTypeOf<Needs<typeof fileOperations>>().toEqualTypeOf<'authenticate' | 'cursors'>();
  expectTypeOf<Needs<typeof identityOperations>>().toEqualTypeOf<'authenticate'>();
  expectTypeOf<Needs<typeof insightOperations>>().toEqualTypeOf<never>();
  expectTypeOf<Needs<typeof modelOperations>>().toEqualTypeOf<All>();
  expectTypeOf<Needs<typeof resultOperations>>().toEqualTypeOf<'authenticate' | 'cursors'>();
  expectTypeOf<Needs<typeof verdictOperations>>().toEqualTypeOf<'authenticate' | 'remember'>();
  expectTypeOf<Needs<typeof taskOperations>>().toEqualTypeOf<All>();
  expectTypeOf<Needs<typeof walletOperations>>().toEqualTypeOf<All>();
});

it('requires everything if the literal types of a table are lost', () => {
  expectTypeOf<Needs<Readonly<Record<string, Operation>>>>().toEqualTypeOf<
    'authenticate' | 'cursors' | 'remember'
  >();
});

it('does not compile without them', () => {
  const handlers = {} as Handlers<typeof walletOperations>;
  const authenticate = () => Promise.reject(new Error('not called'));
  const cursors = { seal: authenticate, open: authenticate };
  // @ts-expect-error -- routes for roles need `authenticate`
  createApi(walletOperations, { cursors, remember: authenticate }, handlers);
  // @ts-expect-error -- routes that store their answers need `remember`
  createApi(walletOperations, { authenticate, cursors }, handlers);
  // @ts-expect-error -- routes that list in pages need `cursors`
  createApi(walletOperations, { authenticate, remember: authenticate }, handlers);
  createApi(walletOperations, { authenticate, cursors, remember: authenticate }, handlers);
});
