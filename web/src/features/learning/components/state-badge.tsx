import { Badge } from '@mantine/core';
import type { ModelVersion, TrainingRun } from '../../../lib/api/types.ts';
import { isActive, RUN_STATUS, VERSION_STATE } from '../words.ts';

export function VersionBadge({ state }: { state: ModelVersion['state'] }) {
  const { label, color } = VERSION_STATE[state];
  return (
    <Badge variant="light" color={color}>
      {label}
    </Badge>
  );
}

export function RunBadge({ status }: { status: TrainingRun['status'] }) {
  const { label, color } = RUN_STATUS[status];
  return (
    <Badge variant={isActive({ status }) ? 'dot' : 'light'} color={color}>
      {label}
    </Badge>
  );
}
