import { Group } from '@mantine/core';
import type { LinkProps } from '@tanstack/react-router';
import { NavigationLink } from './navigation-link.tsx';

export interface SubPage {
  readonly to: NonNullable<LinkProps['to']>;
  readonly label: string;
  /** Current only on this very page, not on those below it. */
  readonly exact?: boolean;
}

/** The pages of a part of the application, in one row. */
export function SubNavigation({
  label,
  pages,
}: {
  readonly label: string;
  readonly pages: readonly SubPage[];
}) {
  return (
    <Group component="nav" aria-label={label} gap={4} mb="md">
      {pages.map(({ to, label: name, exact = false }) => (
        <NavigationLink key={to} to={to} label={name} size="compact-sm" exact={exact} />
      ))}
    </Group>
  );
}
