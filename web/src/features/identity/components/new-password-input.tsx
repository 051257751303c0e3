import { Group, List, PasswordInput, Text, type PasswordInputProps } from '@mantine/core';
import { IconCheck, IconPointFilled } from '@tabler/icons-react';
import { PASSWORD_RULES } from '../../../../../contracts/rules/password.ts';

/** Input for a new password, with a checklist of the rules that updates while typing. */
export function NewPasswordInput({ value = '', ...props }: PasswordInputProps & { value?: string }) {
  return (
    <div>
      <PasswordInput autoComplete="new-password" value={value} {...props} />
      <List listStyleType="none" size="xs" mt={6} aria-label="Password rules">
        {PASSWORD_RULES.map(({ label, holds }) => {
          const held = holds(value);
          return (
            <List.Item key={label} className={held ? 'gain' : undefined} c={held ? undefined : 'dimmed'}>
              <Group gap={6} wrap="nowrap">
                {held ? <IconCheck size={14} aria-hidden /> : <IconPointFilled size={14} aria-hidden />}
                <Text span inherit>
                  {label}
                </Text>
                <Text span inherit className="visually-hidden">
                  {held ? '(met)' : '(not met yet)'}
                </Text>
              </Group>
            </List.Item>
          );
        })}
      </List>
    </div>
  );
}
