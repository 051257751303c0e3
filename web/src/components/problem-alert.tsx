import { Alert, List, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiError } from '../lib/api/problem.ts';
import { fieldErrors } from '../lib/forms/field-errors.ts';

interface Props {
  error: unknown;
  /** Fields that show their own errors; an error only about these is not repeated here. */
  fields?: readonly string[];
  children?: ReactNode;
}

export function ProblemAlert({ error, fields = [], children }: Props) {
  if (!error) return null;
  const { elsewhere, beside } = fieldErrors(error, fields);
  if (elsewhere.length === 0 && Object.keys(beside).length > 0) return null;
  const problem = error instanceof ApiError ? error.problem : undefined;
  const detail = error instanceof Error ? error.message : 'Something unexpected happened.';
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconAlertCircle aria-hidden />}
      title={problem?.title ?? 'That did not work'}
    >
      {detail !== problem?.title && <Text size="sm">{detail}</Text>}
      {elsewhere.length > 0 && (
        <List size="sm" mt={4}>
          {elsewhere.map(({ path, message }) => (
            <List.Item key={path + message}>
              {path}: {message}
            </List.Item>
          ))}
        </List>
      )}
      {children}
    </Alert>
  );
}
