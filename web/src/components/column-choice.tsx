import { Group, Menu, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconTargetArrow } from '@tabler/icons-react';
import { createContext, useContext } from 'react';
import type { Task } from '../lib/api/types.ts';
import { ANSWER_KIND } from '../lib/kind.ts';
import classes from './column-choice.module.css';

type Kind = Task['kind'];

/** The column that a new task fills in, and how to choose another. */
export interface ColumnChoice {
  readonly target: string | null;
  readonly kind: Kind;
  readonly choose: (target: string | null) => void;
  readonly setKind: (kind: Kind) => void;
}

/** Without one, names of columns are only shown. */
export const ColumnChoiceContext = createContext<ColumnChoice | undefined>(undefined);

const KINDS: readonly Kind[] = ['classification', 'regression', 'generation'];

function ChosenColumn({ name, choice }: { readonly name: string; readonly choice: ColumnChoice }) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes.chosen}>
          <Group gap={4} wrap="nowrap">
            <IconTargetArrow size={14} aria-hidden />
            {name} <span className={classes.kind}>{ANSWER_KIND[choice.kind]}</span>{' '}
            <IconChevronDown size={12} aria-hidden />
            <VisuallyHidden>is filled in: change it</VisuallyHidden>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Each answer is</Menu.Label>
        {KINDS.map((kind) => (
          <Menu.Item key={kind} disabled={kind === choice.kind} onClick={() => choice.setKind(kind)}>
            {ANSWER_KIND[kind]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => choice.choose(null)}>Do not fill in this column</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface ColumnNameProps {
  /** As the file writes it. */
  readonly name: string;
  /** Name of the column to choose; undefined if it cannot be chosen. */
  readonly column: string | undefined;
}

/** The name of a column, which a click makes the one to fill in; a second one changes what its answers are. */
export function ColumnName({ name, column }: ColumnNameProps) {
  const choice = useContext(ColumnChoiceContext);
  if (!choice || column === undefined) return name;
  if (choice.target === column) return <ChosenColumn name={name} choice={choice} />;
  return (
    <UnstyledButton
      className={classes.choosable}
      aria-label={`Fill in “${name}”`}
      onClick={() => choice.choose(column)}
    >
      {name}
    </UnstyledButton>
  );
}
