import { Group, NumberInput, SegmentedControl, Stack, Text, TextInput, useMatches } from '@mantine/core';
import { FoldedSection } from '../../../../components/folded-section.tsx';
import { LABEL_COST, LIMITS } from '../../../../../../contracts/limits.ts';
import { own } from '../../../../../../contracts/values/own.ts';
import type { Draft } from '../../draft.ts';
import { isClassWeight, saysOfLabels } from '../../label-options.ts';
import type { DraftForm } from '../../use-draft.ts';

const WEIGHTS: { value: Draft['class_weight']; label: string }[] = [
  { value: '', label: 'The same for each label' },
  { value: 'balanced', label: 'More for rarer labels' },
  { value: 'costs', label: 'As I say' },
];

interface Props {
  form: DraftForm;
  labels: readonly string[];
}

function Trouble({ form }: Pick<Props, 'form'>) {
  const troubles = [form.errors['label_descriptions'], form.errors['class_weight']].filter(Boolean);
  return troubles.map((trouble, index) => (
    <Text key={index} className="trouble" size="sm" role="alert">
      {trouble}
    </Text>
  ));
}

/** One label: its meaning, and its cost if the buyer names costs. */
function LabelRow({ form, label }: { form: DraftForm; label: string }) {
  const { label_descriptions: descriptions, class_weight: weight, label_costs: costs } = form.values;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-end">
      <TextInput
        label={label}
        aria-label={`What “${label}” means`}
        placeholder="What it means, in a few words"
        maxLength={LIMITS.labelDescription.value}
        style={{ flex: 1 }}
        value={own(descriptions, label) ?? ''}
        onChange={({ currentTarget: { value } }) =>
          form.setFieldValue('label_descriptions', { ...descriptions, [label]: value })
        }
      />
      {weight === 'costs' && (
        <NumberInput
          aria-label={`Cost of missing “${label}”`}
          placeholder="1"
          w={96}
          min={LABEL_COST.min}
          max={LABEL_COST.max}
          clampBehavior="strict"
          value={own(costs, label) ?? ''}
          onChange={(cost) => form.setFieldValue('label_costs', { ...costs, [label]: cost })}
        />
      )}
    </Group>
  );
}

function Weight({ form }: Pick<Props, 'form'>) {
  const orientation = useMatches<'vertical' | 'horizontal'>({ base: 'vertical', xs: 'horizontal' });
  const weight = form.values.class_weight;
  return (
    <div>
      <Text size="sm" fw={500} id="weight-label">
        Missing a label costs
      </Text>
      <Text size="xs" c="dimmed" mb={4}>
        {weight === 'costs'
          ? 'Say how much worse it is to miss a label than one with cost 1. An empty field means 1.'
          : 'Where one mistake is worse than another, the answer is the label that risks least.'}
      </Text>
      <SegmentedControl
        aria-labelledby="weight-label"
        data={WEIGHTS}
        orientation={orientation}
        value={weight}
        onChange={(value) => {
          if (isClassWeight(value)) form.setFieldValue('class_weight', value);
        }}
      />
    </div>
  );
}

/** What the labels mean and what it costs to miss them; folded, since most tasks need neither. */
export function LabelOptions({ form, labels }: Props) {
  if (labels.length === 0) return null;
  return (
    <FoldedSection
      title="Say more about the labels"
      openAtFirst={saysOfLabels(form.values)}
      always={<Trouble form={form} />}
    >
      <Weight form={form} />
      <Stack gap="xs">
        <Text size="xs" c="dimmed">
          Meanings help most where there are few examples, or none.
        </Text>
        {labels.map((label) => (
          <LabelRow key={label} form={form} label={label} />
        ))}
      </Stack>
    </FoldedSection>
  );
}
