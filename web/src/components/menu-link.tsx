import { Menu } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

/** Apart from the other links: menus bring positioning along, which the login page does not need. */
export const MenuLink = createLink((props: ComponentProps<typeof Menu.Item<'a'>>) => (
  <Menu.Item component="a" {...props} />
));
