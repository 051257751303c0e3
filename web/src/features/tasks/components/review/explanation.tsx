import { Badge, Group, Progress, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { percent } from '../../../../lib/format.ts';
import { supportOf } from '../../support.ts';
import type { Row } from '../../use-rows.ts';

type Given = NonNullable<Row['answer']['explanation']>;

const MAX_ALTERNATIVES = 5;

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <Title order={3} size="xs" c="dimmed" mb={6}>
        {title}
      </Title>
      {children}
    </div>
  );
}

function Words({ words }: Pick<Given, 'words'>) {
  return (
    <Group gap={6}>
      {words.map(({ word, weight, field }) => (
        <Badge
          key={`${field ?? ''}/${word}`}
          variant="light"
          color={weight >= 0 ? 'teal' : 'red'}
          tt="none"
          fw={500}
          title={field && `in ${field}`}
        >
          {word} <b>{`${weight >= 0 ? '+' : '−'}${Math.abs(weight).toFixed(2)}`}</b>
        </Badge>
      ))}
    </Group>
  );
}

function Nearest({ nearest }: Pick<Given, 'nearest'>) {
  return (
    <Stack gap={6}>
      {nearest.map(({ id, expected, similarity, excerpt }) => (
        <Group key={id} gap="xs" wrap="nowrap" align="flex-start">
          <Badge variant="default" tt="none" fw={500} style={{ flexShrink: 0 }}>
            {expected}
          </Badge>
          <Text size="sm" lineClamp={2} flex={1} style={{ overflowWrap: 'anywhere' }}>
            {excerpt}
          </Text>
          <Text size="xs" c="dimmed" className="tabular">
            {percent(similarity)} alike
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

function Alternatives({
  alternatives,
}: {
  readonly alternatives: NonNullable<Row['answer']['alternatives']>;
}) {
  return (
    <Stack gap={4}>
      {alternatives.slice(0, MAX_ALTERNATIVES).map(({ label, probability }) => (
        <Group key={label} gap="xs" wrap="nowrap">
          <Text size="sm" w={110} truncate>
            {label}
          </Text>
          <Progress value={probability * 100} size="sm" flex={1} color="gray" aria-hidden />
          <Text size="xs" className="tabular" w={42} ta="right">
            {percent(probability)}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

/** Why the answer is what it is: only what supports it, and nothing where nothing does. */
export function Explanation({ answer }: Pick<Row, 'answer'>) {
  const { explanation, alternatives } = answer;
  const { words, nearest } = supportOf(answer);
  const drivers =
    typeof answer.prediction === 'number' ? 'What moved it up and down' : 'Words that speak for it';
  return (
    <Stack gap="md">
      {explanation?.summary && (
        <Part title="Why">
          <Text size="sm">{explanation.summary}</Text>
        </Part>
      )}
      {words.length > 0 && (
        <Part title={drivers}>
          <Words words={words} />
        </Part>
      )}
      {nearest.length > 0 && (
        <Part title="Examples like it">
          <Nearest nearest={nearest} />
        </Part>
      )}
      {alternatives && alternatives.length > 1 && (
        <Part title="How probable each answer is">
          <Alternatives alternatives={alternatives} />
        </Part>
      )}
      {!explanation && (
        <Text size="sm" c="dimmed">
          The agent has given no explanation.
        </Text>
      )}
    </Stack>
  );
}
