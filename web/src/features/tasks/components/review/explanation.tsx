import { Badge, DataList, Group, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { percent } from '../../../../lib/format.ts';
import { useFileNames } from '../../file-names.ts';
import type { Row } from '../../use-rows.ts';

type Given = NonNullable<Row['answer']['explanation']>;

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Title order={4} size="xs" tt="uppercase" c="dimmed" mb={6}>
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
            {similarity.toFixed(2)} alike
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

function Alternatives({ alternatives }: { alternatives: NonNullable<Row['answer']['alternatives']> }) {
  return (
    <Stack gap={4}>
      {alternatives.slice(0, 6).map(({ label, probability }) => (
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

/** The whole item and the explanation of its answer. */
export function Explanation({ row }: { row: Row }) {
  const { explanation, alternatives } = row.answer;
  const nameOf = useFileNames();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg" p="md">
      <Stack>
        <Part title="The item">
          {row.fields ? (
            <DataList orientation="vertical" gap={6}>
              {Object.entries(row.fields).map(([name, value]) => (
                <DataList.Item key={name}>
                  <DataList.ItemLabel>{name}</DataList.ItemLabel>
                  <DataList.ItemValue
                    style={{
                      whiteSpace: 'pre-wrap',
                      overflowWrap: 'anywhere',
                      maxHeight: 240,
                      overflowY: 'auto',
                    }}
                  >
                    {String(value ?? '')}
                  </DataList.ItemValue>
                </DataList.Item>
              ))}
              {Object.entries(row.files).map(([name, id]) => (
                <DataList.Item key={name}>
                  <DataList.ItemLabel>{name}</DataList.ItemLabel>
                  <DataList.ItemValue>{nameOf(id)}</DataList.ItemValue>
                </DataList.Item>
              ))}
            </DataList>
          ) : (
            <Text size="sm">{row.answer.id}</Text>
          )}
        </Part>
      </Stack>
      <Stack>
        {explanation?.summary && (
          <Part title="Why">
            <Text size="sm">{explanation.summary}</Text>
          </Part>
        )}
        {explanation && explanation.words.length > 0 && (
          <Part title="Words that spoke for and against it">
            <Words words={explanation.words} />
          </Part>
        )}
        {explanation && explanation.nearest.length > 0 && (
          <Part title="Nearest examples">
            <Nearest nearest={explanation.nearest} />
          </Part>
        )}
        {alternatives && alternatives.length > 0 && (
          <Part title="Other answers considered">
            <Alternatives alternatives={alternatives} />
          </Part>
        )}
        {!explanation && <Text size="sm">The agent has given no explanation.</Text>}
      </Stack>
    </SimpleGrid>
  );
}
