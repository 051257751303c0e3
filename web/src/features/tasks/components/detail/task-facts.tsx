import { Badge, DataList, Group, Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { reputationFactor } from '../../../../../../contracts/rules/reputation.ts';
import { Fact } from '../../../../components/fact.tsx';
import { FiatAmount } from '../../../../components/fiat-amount.tsx';
import type { Task } from '../../../../lib/api/types.ts';
import { count, dateTime, number, percent, sats } from '../../../../lib/format.ts';
import { KIND } from '../../../../lib/kind.ts';
import { SETTLEMENT } from '../../status.ts';
import classes from './task-facts.module.css';
import { TrainingUse } from './training-use.tsx';

const LABELS_SHOWN = 12;

function Labels({ labels }: { labels: readonly string[] }) {
  return (
    <Group gap={4}>
      {labels.slice(0, LABELS_SHOWN).map((label) => (
        <Badge key={label} variant="default" tt="none" fw={500}>
          {label}
        </Badge>
      ))}
      {labels.length > LABELS_SHOWN && <Text size="xs">and {labels.length - LABELS_SHOWN} more</Text>}
    </Group>
  );
}

/** What became of the answers that Duke MM was unsure of; undefined if no second look was asked for. */
function secondLook({ review_below, review_state, reviewer, review_item_count }: Task): string | undefined {
  if (review_below === undefined) return undefined;
  const asked = `asked for below ${percent(review_below)}`;
  const given = `${count(review_item_count ?? 0, 'answer')} given to ${reviewer ?? 'an agent'}`;
  if (review_state === undefined) return asked;
  return {
    not_needed: 'not needed: Duke MM was sure enough of every answer',
    nobody_available: 'no agent was available: the answers of Duke MM stand',
    open: `${given}, who works on them`,
    answered: `${given}, who answered them`,
    missed: `${given}, who did not answer in time: the answers of Duke MM stand`,
    given_up: `${given}, who gave them up: the answers of Duke MM stand`,
    withdrawn: 'the agent left: the answers of Duke MM stand',
  }[review_state];
}

/** The question, the agent and the price of a task. */
export function TaskFacts({ task, files, mine }: { task: Task; files: ReactNode; mine: boolean }) {
  return (
    <Paper withBorder p="lg">
      <DataList labelWidth={110} className={classes.columns}>
        <Fact label="Price">
          <b className="tabular">{sats(task.price_satoshis)}</b> <FiatAmount satoshis={task.price_satoshis} />
          <Text size="xs" c="dimmed">
            {sats(Math.ceil(task.price_satoshis / task.item_count))} an item · complexity {task.complexity} ×
            reputation {reputationFactor(task.reputation_bp)}
          </Text>
        </Fact>
        <Fact label="Money">{SETTLEMENT[task.settlement]}</Fact>
        <Fact label="Agent">
          {task.assigned_agent}
          {task.model_version && ` · version ${task.model_version}`}
        </Fact>
        <Fact label="Answer">
          {KIND[task.kind]}
          {task.target && ` in column “${task.target}”`}
        </Fact>
        {task.labels && (
          <Fact label="Labels">
            <Labels labels={task.labels} />
          </Fact>
        )}
        <Fact label="Items">
          {number(task.item_count)} to answer, {number(task.example_count)} as examples
          {task.recalled_count !== undefined &&
            `, ${number(task.recalled_count)} recalled from what you confirmed before`}
        </Fact>
        {task.files.length > 0 && <Fact label="Files">{files}</Fact>}
        {task.deadline_at && <Fact label="Deadline">{dateTime(task.deadline_at)}</Fact>}
        {secondLook(task) && <Fact label="Second look">{secondLook(task)}</Fact>}
        <Fact label="Training">
          <TrainingUse task={task} mine={mine} />
        </Fact>
      </DataList>
    </Paper>
  );
}
