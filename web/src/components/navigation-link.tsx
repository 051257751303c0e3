import { Button, type ButtonProps } from '@mantine/core';
import { Link, type LinkProps } from '@tanstack/react-router';

interface Props {
  to: NonNullable<LinkProps['to']>;
  label: string;
  size: ButtonProps['size'];
  /** Current only on this very page, not on those below it. */
  exact?: boolean;
}

/** One place of a navigation in a row; the current one is marked. */
export function NavigationLink({ to, label, size, exact = false }: Props) {
  return (
    <Link to={to} activeOptions={{ exact }} className="bare-link">
      {({ isActive }) => (
        <Button
          component="span"
          size={size}
          variant={isActive ? 'light' : 'subtle'}
          color={isActive ? 'duke' : 'gray'}
        >
          {label}
        </Button>
      )}
    </Link>
  );
}
