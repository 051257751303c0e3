import { expect, it } from 'vitest';
import { Password } from '../../../contracts/api/accounts.ts';
import { passwordError } from '../../../web/src/features/identity/password-rules.ts';

it.each<[string, boolean]>([
  ['', false],
  ['ElevenChar1', false],
  ['TwelveChars1', true],
  ['Spaces Inside 1', true],
  ['alllowercase12', false],
  ['ALLUPPERCASE12', false],
  ['NoDigitsInHere', false],
  [' LeadingSpace1', false],
  ['TrailingSpace1\u00a0', false],
  ['Eleven1Ch\u{1f511}', false], // ten code points, eleven UTF-16 units
  [`Aa1${'x'.repeat(253)}`, true],
  [`Aa1${'x'.repeat(254)}`, false],
])('accepts %j as a password: %s', (password, taken) => {
  expect(Password.safeParse(password).success).toBe(taken);
  expect(passwordError(password) === null).toBe(taken);
});
