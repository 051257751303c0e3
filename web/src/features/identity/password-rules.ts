/** The rules of `Password` in the contract one by one, to be ticked off while somebody types. */
export const PASSWORD_RULES: readonly { label: string; holds: (password: string) => boolean }[] = [
  { label: 'at least 12 characters', holds: (p) => p.length >= 12 && p.length <= 256 },
  { label: 'a lower-case letter', holds: (p) => /[a-z]/.test(p) },
  { label: 'an upper-case letter', holds: (p) => /[A-Z]/.test(p) },
  { label: 'a digit', holds: (p) => /\d/.test(p) },
];

export const passwordError = (password: string): string | null =>
  PASSWORD_RULES.every((rule) => rule.holds(password)) ? null : 'The password does not meet every rule yet';
