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

/** Cognito refuses passwords that begin or end with white space. */
export const hasNoEdgeSpaces = (password: string): boolean => !/^\s|\s$/u.test(password);
export const hasRequiredCharacters = (password: string): boolean =>
  CHARACTERS.every(({ holds }) => holds(password));

/** Every rule of a new password, to be ticked off while somebody types. The user pool's own policy is no stricter. */
export const PASSWORD_RULES: readonly PasswordRule[] = [
  {
    label: `at least ${PASSWORD_LENGTH.min} characters`,
    holds: (p) => [...p].length >= PASSWORD_LENGTH.min && [...p].length <= PASSWORD_LENGTH.max,
  },
  ...CHARACTERS,
  { label: 'no space at either end', holds: hasNoEdgeSpaces },
];
