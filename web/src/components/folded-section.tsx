import { Button, Collapse, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  openAtFirst?: boolean;
  /** Shown whether the section is open or not, such as errors of its fields. */
  always?: ReactNode;
  children: ReactNode;
}

/** Fields that most people leave at their defaults, behind a button. */
export function FoldedSection({ title, openAtFirst = false, always, children }: Props) {
  const [opened, { toggle }] = useDisclosure(openAtFirst);
  const Chevron = opened ? IconChevronUp : IconChevronDown;
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={toggle}
        aria-expanded={opened}
        rightSection={<Chevron size={16} aria-hidden />}
      >
        {title}
      </Button>
      {always}
      <Collapse expanded={opened}>
        <Stack mt="sm">{children}</Stack>
      </Collapse>
    </div>
  );
}
