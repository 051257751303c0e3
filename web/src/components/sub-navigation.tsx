import { Button, Group } from '@mantine/core';
import { Link, type LinkProps } from '@tanstack/react-router';

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
        <Link key={to} to={to} activeOptions={{ exact }} className="bare-link">
          {({ isActive }) => (
            <Button
              component="span"
              size="compact-sm"
              variant={isActive ? 'light' : 'subtle'}
              color={isActive ? 'duke' : 'gray'}
            >
              {name}
            </Button>
          )}
        </Link>
      ))}
    </Group>
  );
}
