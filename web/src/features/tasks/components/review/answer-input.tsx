import { NumberInput, Select, Textarea } from '@mantine/core';
import { isSameAnswer } from '../../../../../../contracts/rules/correction.ts';
import type { Task } from '../../../../lib/api/types.ts';
import { numberInputProps } from '../../../../lib/number-input.ts';

interface Props {
  kind: Task['kind'];
  labels: readonly string[];
  /** Of numbers: how the column writes them. */
  form?: Task['answer_form'] | undefined;
  prediction: string | number;
  expected: string | number | undefined;
  /** Undefined: the answer as delivered. */
  onChange: (expected: string | number | undefined) => void;
  label: string;
}

/** The answer, which the buyer can overwrite. */
export function AnswerInput({ kind, labels, form, prediction, expected, onChange, label }: Props) {
  const value = expected ?? prediction;
  const change = (next: string | number | null) =>
    onChange(next === null || next === '' || isSameAnswer(next, prediction) ? undefined : next);
  const shared = {
    'aria-label': label,
    size: 'xs' as const,
    variant: expected === undefined ? 'default' : 'filled',
  };
  if (kind === 'classification')
    return (
      <Select
        {...shared}
        data={[...new Set([...labels, String(prediction)])]}
        value={String(value)}
        onChange={change}
        allowDeselect={false}
        searchable={labels.length > 8}
        comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      />
    );
  if (kind === 'regression')
    return <NumberInput {...shared} {...numberInputProps(form)} value={value} onChange={change} />;
  return (
    <Textarea
      {...shared}
      autosize
      maxRows={6}
      value={String(value)}
      onChange={(e) => change(e.currentTarget.value)}
    />
  );
}
