import { Group, Select } from '@mantine/core';
import { SURE_ABOVE } from '../../../../../../contracts/rules/confidence.ts';
import { percent } from '../../../../lib/format.ts';
import type { View } from '../../order-rows.ts';

interface Props {
  view: View;
  onChange: (view: View) => void;
  /** Distinct answers, if there are few. */
  answers: readonly string[];
}

/** Filter and order of the rows. */
export function ViewControls({ view, onChange, answers }: Props) {
  return (
    <Group gap="sm">
      <Select
        aria-label="Order of the answers"
        w={190}
        size="xs"
        allowDeselect={false}
        data={[
          { value: 'unsure', label: 'Least sure first' },
          { value: 'answer', label: 'Equal answers together' },
          { value: 'task', label: 'In the order of the task' },
          { value: 'sure', label: 'Most sure first' },
        ]}
        value={view.order}
        onChange={(order) => order && onChange({ ...view, order: order })}
      />
      <Select
        aria-label="Answers to show"
        w={170}
        size="xs"
        allowDeselect={false}
        data={[
          { value: 'all', label: 'All' },
          { value: 'unsure', label: `At most ${percent(SURE_ABOVE)} sure` },
          { value: 'corrected', label: 'Corrected or refused' },
        ]}
        value={view.show}
        onChange={(show) => show && onChange({ ...view, show: show })}
      />
      {answers.length > 1 && (
        <Select
          aria-label="Show one answer only"
          placeholder="Any answer"
          w={150}
          size="xs"
          clearable
          data={[...answers]}
          value={view.answer}
          onChange={(answer) => onChange({ ...view, answer })}
        />
      )}
    </Group>
  );
}
