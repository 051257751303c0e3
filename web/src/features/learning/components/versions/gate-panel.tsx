import { Badge, List, Text, ThemeIcon } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import type { ModelMetrics, ModelVersion } from '../../../../lib/api/types.ts';
import { dateTime } from '../../../../lib/format.ts';
import { RULE, sentence } from '../../words.ts';
import { Panel } from '../../../../components/panel.tsx';

interface Props {
  gate: ModelVersion['gate'];
  rules: ModelMetrics['gate_rules'];
}

function Passed({ passed }: { passed: boolean }) {
  return (
    <ThemeIcon size={22} radius="xl" variant="light" color={passed ? 'teal' : 'orange'}>
      {passed ? <IconCheck size={14} aria-hidden /> : <IconX size={14} aria-hidden />}
      <span className="visually-hidden">{passed ? 'passed' : 'not passed'}</span>
    </ThemeIcon>
  );
}

/** The decision of the gate, rule by rule. */
export function GatePanel({ gate, rules }: Props) {
  if (!gate)
    return (
      <Panel title="Gate">
        <Text size="sm" c="dimmed">
          The gate has not judged this version.
        </Text>
      </Panel>
    );
  return (
    <Panel
      title="Gate"
      description={`Decided ${dateTime(gate.decided_at)}`}
      aside={
        <Badge variant="light" color={gate.passed ? 'teal' : 'orange'}>
          {gate.passed ? 'Passed' : 'Said no'}
        </Badge>
      }
    >
      {rules.length > 0 ? (
        <List spacing="sm" listStyleType="none" center={false}>
          {rules.map(({ rule, passed, detail, decisive }) => (
            <List.Item key={rule} icon={<Passed passed={passed} />}>
              <Text size="sm" fw={600}>
                {RULE[rule]}
                {decisive === false && ' (for information)'}
              </Text>
              <Text size="sm">{sentence(detail)}</Text>
            </List.Item>
          ))}
        </List>
      ) : (
        <List size="sm">
          {gate.reasons.map((reason) => (
            <List.Item key={reason}>{sentence(reason)}</List.Item>
          ))}
        </List>
      )}
    </Panel>
  );
}
