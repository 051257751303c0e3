import { PASSWORD_RULES } from '../../../../contracts/rules/password.ts';

export const passwordError = (password: string): string | null =>
  PASSWORD_RULES.every((rule) => rule.holds(password)) ? null : 'The password does not meet every rule yet';
