/**
 * Creates an administrator of a stage, which the API cannot. The password comes from the terminal or standard input.
 */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { Password } from '../contracts/api/accounts.ts';
import { dynamoDbTable } from '../lambdas/shared/stores/dynamodb-table.ts';
import { userStore } from '../lambdas/shared/stores/user-store.ts';
import { askSecret } from './shared/ask-secret.ts';
import { commandLine, run, say, ScriptError, StageName } from './shared/command-line.ts';
import { AccountMaker } from './shared/make-account.ts';
import { dataOutputs } from './shared/stack-outputs.ts';

const Arguments = z.strictObject({
  stage: StageName,
  email: z.email().max(254).toLowerCase(),
  name: z.string().trim().min(1).max(255).optional(),
});
const USAGE = 'npm run admin:create -- --stage local|dev|prod --email you@example.com [--name "Your Name"]';

/** 144 random bits, plus one character of each class that the password policy requires. */
const randomPassword = (): string => `${randomBytes(18).toString('base64url')}aA1`;

function checked(password: string): string {
  const parsed = Password.safeParse(password);
  if (parsed.success) return parsed.data;
  throw new ScriptError(
    `The password needs: ${parsed.error.issues.map((issue) => issue.message).join(', ')}.`,
  );
}

await run(async () => {
  const { stage, email, name } = commandLine(USAGE, Arguments);
  const outputs = await dataOutputs(stage);
  const maker = new AccountMaker(outputs.UserPoolId, userStore(dynamoDbTable(outputs.TableName)));
  const existing = await maker.find(email);
  if (existing?.user_type === 'admin') return say(`${email} is an administrator of ${stage} already.`);
  const entered = existing ? '' : await askSecret('Password (empty to have one made): ');
  const password = entered === '' ? randomPassword() : checked(entered);
  await maker.make({ email, password, user_type: 'admin', full_name: name ?? null });
  say(`${email} is an administrator of ${stage} now.`);
  if (entered === '') say(`Password, shown this once: ${password}`);
});
