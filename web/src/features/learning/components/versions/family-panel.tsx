import { Alert, SegmentedControl, Select, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { ModelMetrics } from '../../../../lib/api/types.ts';
import { count, number } from '../../../../lib/format.ts';
import looks from '../../../../components/charts/charts.module.css';
import { HeatTable } from '../../charts/heat-table.tsx';
import { Importance } from '../../charts/importance.tsx';
import { share } from '../../figures.ts';
import { familyName } from '../../family-name.ts';
import { sentence } from '../../words.ts';
import { Panel } from '../../../../components/panel.tsx';
import { ComparisonTable } from './comparison-table.tsx';
import { FlipsBar } from './flips.tsx';

type Family = ModelMetrics['families'][number];
type Names = readonly [candidate: string, production: string];

function Confusion({ family, names }: { family: Family; names: Names }) {
  const [side, setSide] = useState<'candidate' | 'production'>('candidate');
  const matrix = family[side]?.confusion_matrix ?? family.candidate.confusion_matrix;
  if (!matrix) return null;
  const both = Boolean(family.production?.confusion_matrix);
  const rows = matrix.rest ? [...matrix.labels, 'all others'] : matrix.labels;
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        Confusion
      </Title>
      {both && (
        <SegmentedControl
          aria-label="Answers of"
          size="xs"
          w="fit-content"
          data={[
            { value: 'candidate', label: names[0] },
            { value: 'production', label: names[1] },
          ]}
          value={side}
          onChange={(value) => setSide(value === 'production' ? 'production' : 'candidate')}
        />
      )}
      <HeatTable
        caption={`Answers of ${side === 'candidate' ? names[0] : names[1]}; the stronger the colour, the larger the share of its row`}
        names={rows}
        counts={matrix.counts}
      />
    </Stack>
  );
}

function WorseClasses({ classes }: { classes: Family['classes'] }) {
  const worse = classes.filter((one) => one.worse);
  if (worse.length === 0) return null;
  return (
    <Table verticalSpacing={4} className={looks.plain}>
      <Table.Caption>Labels that the gate found worse</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Label</Table.Th>
          <Table.Th scope="col">Recall before</Table.Th>
          <Table.Th scope="col">Recall now</Table.Th>
          <Table.Th scope="col">Items</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {worse.map(({ label, recall, production_recall, items }) => (
          <Table.Tr key={label}>
            <Table.Th scope="row">{label}</Table.Th>
            <Table.Td className="tabular">{share(production_recall)}</Table.Td>
            <Table.Td className="tabular trouble">{share(recall)}</Table.Td>
            <Table.Td className="tabular">{number(items)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Refused({ refused }: { refused: Family['refused'] }) {
  if (refused.items === 0) return null;
  return (
    <Text size="sm">
      Of {count(refused.items, 'answer')} refused without a correction it gives {number(refused.candidate)}{' '}
      again
      {refused.production !== null && ` (before: ${number(refused.production)})`}.
    </Text>
  );
}

function FamilyDetail({ family, names }: { family: Family; names: Names }) {
  return (
    <Stack>
      {family.held_back !== undefined && (
        <Alert color="orange" title="Held back: this version answers the family as before">
          {sentence(family.held_back)}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <ComparisonTable candidate={family.candidate} production={family.production} names={names} />
        <div>
          {family.feature_importance.length > 0 && (
            <Importance
              caption="Permutation importance: the drop in this family's score when the values of a field are shuffled between items"
              fields={family.feature_importance}
            />
          )}
        </div>
      </SimpleGrid>
      <Confusion family={family} names={names} />
      {family.flips && <FlipsBar flips={family.flips} production={names[1]} />}
      <WorseClasses classes={family.classes} />
      <Refused refused={family.refused} />
    </Stack>
  );
}

/** Metrics by family: a buyer sees its own, an administrator all. */
export function FamilyPanel({ families, names }: { families: readonly Family[]; names: Names }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const family = families.find((one) => one.family === chosen) ?? families[0];
  if (!family) return null;
  const data = families.map((one) => ({
    value: one.family,
    label: `${familyName(one)} (${count(one.candidate.items, 'item')})`,
  }));
  return (
    <Panel
      title={families.length === 1 ? 'The family' : 'Families'}
      description="Same kind, labels and fields: one family. Only its buyer and administrators see it."
    >
      {families.length > 1 ? (
        <Select
          aria-label="Family"
          maw={420}
          allowDeselect={false}
          searchable={families.length > 10}
          data={data}
          value={family.family}
          onChange={setChosen}
        />
      ) : (
        <Text size="sm">{data[0]?.label}</Text>
      )}
      <FamilyDetail key={family.family} family={family} names={names} />
    </Panel>
  );
}
