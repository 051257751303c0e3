import { Button, Checkbox, Kbd, NumberInput, Paper, Select, Stack, Text, Textarea } from '@mantine/core';
import type { Ref } from 'react';
import { LIMITS } from '../../../../../../contracts/limits.ts';
import type { Task } from '../../../../lib/api/types.ts';
import { numberInputProps } from '../../../../lib/number-input.ts';
import { answerOf, type WorkAnswer } from '../../work-answers.ts';
import classes from './execution.module.css';

/** Labels with a key of their own: 1 to 9. */
export const KEYED_LABELS = 9;
/** More labels than this are chosen from a list that can be searched. */
const MAX_BUTTONS = 24;

interface Props {
  readonly task: Pick<Task, 'kind' | 'labels' | 'answer_form'>;
  /** Place of the item in the task, from 1: the label of the field names it. */
  readonly place: number;
  readonly answer: WorkAnswer | undefined;
  readonly error: string | undefined;
  readonly disabled: boolean;
  /** The field to type in, if there is one. */
  readonly fieldRef: Ref<HTMLInputElement & HTMLTextAreaElement>;
  readonly onAnswer: (answer: WorkAnswer | undefined) => void;
  /** The answer is complete: on to the next item. */
  readonly onNext: () => void;
}

function Labels({ task, place, answer, error, disabled, onAnswer, onNext }: Props) {
  const labels = task.labels ?? [];
  const choose = (prediction: string) => {
    onAnswer({ prediction });
    onNext();
  };
  if (labels.length > MAX_BUTTONS)
    return (
      <Select
        label={`Answer of item ${place}`}
        data={labels}
        searchable
        disabled={disabled}
        error={error}
        value={answer ? String(answer.prediction) : null}
        onChange={(label) => label !== null && choose(label)}
      />
    );
  return (
    <Stack gap={6} role="group" aria-label={`Answer of item ${place}`}>
      {labels.map((label, index) => {
        const chosen = answer?.prediction === label;
        return (
          <Button
            key={label}
            variant={chosen ? 'filled' : 'default'}
            justify="space-between"
            aria-pressed={chosen}
            disabled={disabled}
            className={classes.label}
            rightSection={index < KEYED_LABELS && <Kbd aria-hidden>{index + 1}</Kbd>}
            onClick={() => choose(label)}
          >
            {label}
          </Button>
        );
      })}
      {error && (
        <Text size="sm" className="trouble" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}

function NumberField({ task, place, answer, error, disabled, fieldRef, onAnswer, onNext }: Props) {
  return (
    <NumberInput
      {...numberInputProps(task.answer_form)}
      ref={fieldRef}
      label={`Answer of item ${place}`}
      disabled={disabled}
      error={error}
      value={answer?.prediction ?? ''}
      onChange={(value) => {
        const prediction = answerOf('regression', value);
        onAnswer(prediction === undefined ? undefined : { ...answer, prediction });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onNext();
      }}
    />
  );
}

function TextField({ place, answer, error, disabled, fieldRef, onAnswer, onNext }: Props) {
  return (
    <Textarea
      ref={fieldRef}
      label={`Answer of item ${place}`}
      disabled={disabled}
      error={error}
      autosize
      minRows={4}
      maxRows={14}
      maxLength={LIMITS.answer.value}
      value={answer ? String(answer.prediction) : ''}
      onChange={(event) => {
        const prediction = answerOf('generation', event.currentTarget.value);
        onAnswer(prediction === undefined ? undefined : { ...answer, prediction });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onNext();
      }}
    />
  );
}

const FIELDS = { classification: Labels, regression: NumberField, generation: TextField } as const;

/** Where the agent answers one item. */
export function AnswerPanel(props: Props) {
  const { task, answer, disabled, onAnswer } = props;
  const Field = FIELDS[task.kind];
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <Field {...props} />
        <Checkbox
          label="I am not sure"
          description="The answer is sent with a confidence of 50 %."
          disabled={disabled || !answer}
          checked={answer?.unsure === true}
          onChange={(event) => {
            if (!answer) return;
            const unsure = event.currentTarget.checked;
            onAnswer({ prediction: answer.prediction, ...(unsure && { unsure: true }) });
          }}
        />
      </Stack>
    </Paper>
  );
}
