import { Code, Stack, Table, Text } from '@mantine/core';
import type { TrainingRun } from '../../../../lib/api/types.ts';
import { count, number } from '../../../../lib/format.ts';
import { sentence } from '../../words.ts';
import { Panel } from '../../../../components/panel.tsx';

type Found = NonNullable<TrainingRun['unusable'][keyof TrainingRun['unusable']]>;

const STEP: readonly (readonly [keyof TrainingRun['unusable'], string])[] = [
  ['prepare', 'Preparing data'],
  ['train', 'Training'],
  ['evaluate', 'Evaluation'],
];

const WHAT: Record<Found['entries'][number]['what'], string> = {
  outcomes: '',
  family: 'the family, ',
  held_back: 'held back, ',
};

const isSome = (found: Found | undefined): found is Found =>
  found !== undefined && found.outcomes + found.families > 0;

function Entries({ title, found }: { title: string; found: Found }) {
  const unusableOutcomes = found.entries.reduce(
    (sum, entry) => sum + (entry.what === 'outcomes' ? entry.count : 0),
    0,
  );
  return (
    <Table aria-label={title}>
      <Table.Caption>
        {title}: {number(found.outcomes)} of {count(found.of_outcomes, 'outcome')} and{' '}
        {number(found.families)} of {count(found.of_families, 'family', 'families')} were left out or held
        back.
        {unusableOutcomes < found.outcomes && ' The list is cut off.'}
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Family</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th>Why</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {found.entries.map((entry) => (
          <Table.Tr key={`${entry.what} ${entry.family} ${entry.reason}`}>
            <Table.Td>{entry.family === null ? 'not named' : <Code>{entry.family}</Code>}</Table.Td>
            <Table.Td>
              {WHAT[entry.what]}
              {count(entry.count, 'outcome')}
            </Table.Td>
            <Table.Td>
              {sentence(entry.reason)}
              {entry.kept && ` It answers as in version ${entry.kept}.`}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Inputs that each step of a run left out, by family and reason; nothing if there are none. */
export function UnusableData({ unusable }: { unusable: TrainingRun['unusable'] }) {
  const steps = STEP.filter(([step]) => isSome(unusable[step]));
  if (steps.length === 0) return null;
  return (
    <Panel title="Left out of this run">
      <Stack gap="md">
        <Text size="sm">
          The run continued without it. A family that could not be fitted, or that the new version answers
          worse, keeps answering as before.
        </Text>
        {steps.map(([step, title]) => (
          <Entries key={step} title={title} found={unusable[step]!} />
        ))}
      </Stack>
    </Panel>
  );
}
