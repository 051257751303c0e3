export const PASSWORD_LENGTH = { min: 12, max: 256 } as const;

interface PasswordRule {
  readonly label: string;
  readonly holds: (password: string) => boolean;
}

const CHARACTERS: readonly PasswordRule[] = [
  { label: 'a lower-case letter', holds: (p) => /[a-z]/.test(p) },
  { label: 'an upper-case letter', holds: (p) => /[A-Z]/.test(p) },
  { label: 'a digit', holds: (p) => /\d/.test(p) },
];

/** Cognito rejects passwords that begin or end with white space. */
export const hasNoEdgeSpaces = (password: string): boolean => !/^\s|\s$/u.test(password);
export const hasRequiredCharacters = (password: string): boolean =>
  CHARACTERS.every(({ holds }) => holds(password));

/**
 * All rules for a new password, shown as a checklist while the user types. The policy of the user pool is not
 * stricter.
 */
export const PASSWORD_RULES: readonly PasswordRule[] = [
  {
    label: `at least ${PASSWORD_LENGTH.min} characters`,
    holds: (p) => [...p].length >= PASSWORD_LENGTH.min && [...p].length <= PASSWORD_LENGTH.max,
  },
  ...CHARACTERS,
  { label: 'no space at either end', holds: hasNoEdgeSpaces },
];
