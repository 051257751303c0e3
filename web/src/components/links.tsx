import { Anchor, Button } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

/** Mantine components with the router's typed `to`, `params` and `search`. */
export const AnchorLink = createLink((props: ComponentProps<typeof Anchor<'a'>>) => <Anchor {...props} />);
export const ButtonLink = createLink((props: ComponentProps<typeof Button<'a'>>) => (
  <Button component="a" {...props} />
));
