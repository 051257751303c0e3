import { Alert, Button, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconArrowBackUp, IconRocket } from '@tabler/icons-react';
import { useState } from 'react';
import { MAX_REASON } from '../../../../../../contracts/limits.ts';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import type { ModelVersion } from '../../../../lib/api/types.ts';
import { fieldErrors } from '../../../../lib/forms/field-errors.ts';
import { usePromoteVersion } from '../../api/promote-version.ts';
import { sentence } from '../../words.ts';

const FIELDS = ['override_reason'] as const;
const MIN_REASON_CHARACTERS = 3;

interface Props {
  version: ModelVersion;
  /** The version in production; null if there is none. */
  production: string | null;
  /** The version that the current run compares with; undefined if there is none. */
  runParent?: string | null | undefined;
}

/** Describes the effect. */
function WhatHappens({ version, production, runParent }: Props) {
  const { version: name, state } = version;
  return (
    <Text size="sm">
      {production === null ? (
        <>
          <b>Version {name}</b> begins to serve.
        </>
      ) : (
        <>
          <b>Version {name}</b> takes the place of <b>version {production}</b> for everybody, within seconds.
          Every answer from then on is its own; no task is lost. Version {production} is retired and can be
          put back in the same way.
        </>
      )}
      {state === 'retired' && ' What was learned since then is not used until a newer version serves again.'}
      {runParent !== undefined &&
        runParent !== name &&
        ' The current run will be archived: what it makes is compared with another version.'}
    </Text>
  );
}

function GateSaidNo({ gate }: { gate: ModelVersion['gate'] }) {
  return (
    <Alert
      color="orange"
      icon={<IconAlertTriangle aria-hidden />}
      title={gate ? 'Rejected by the gate' : 'The gate has not judged this version'}
    >
      {gate && (
        <List size="sm">
          {gate.reasons.map((reason) => (
            <List.Item key={reason}>{sentence(reason)}</List.Item>
          ))}
        </List>
      )}
      <Text size="sm" mt={gate ? 'xs' : 0}>
        You can promote it anyway. Your reason is recorded with your name.
      </Text>
    </Alert>
  );
}

function PromoteDialog({ onClose, ...props }: Props & { onClose: () => void }) {
  const { version } = props;
  const promote = usePromoteVersion(version.version);
  const [reason, setReason] = useState('');
  const back = version.state === 'retired';
  const needsReason = version.promotable === 'with_reason';
  const trimmedReason = reason.trim();
  const ready = !needsReason || trimmedReason.length >= MIN_REASON_CHARACTERS;
  const confirm = () =>
    promote.mutate(needsReason ? { override_reason: trimmedReason } : {}, {
      onSuccess: () => {
        onClose();
        notifications.show({ color: 'teal', message: `Version ${version.version} serves now.` });
      },
    });
  const title = back ? `Roll back to version ${version.version}?` : `Promote version ${version.version}?`;
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <Stack>
        <ProblemAlert error={promote.error} fields={FIELDS} />
        <WhatHappens {...props} />
        {needsReason && <GateSaidNo gate={version.gate} />}
        {needsReason && (
          <Textarea
            label="Reason to promote it anyway"
            required
            autosize
            minRows={2}
            maxRows={6}
            maxLength={MAX_REASON}
            value={reason}
            error={fieldErrors(promote.error, FIELDS).beside['override_reason']}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button
            color={needsReason ? 'orange' : 'duke'}
            disabled={!ready}
            loading={promote.isPending}
            onClick={confirm}
          >
            {back ? 'Roll back' : needsReason ? 'Override the gate and promote' : 'Promote'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Promotes a version; administrators only. Hidden if the version is in production or can never be. */
export function PromoteButton(props: Props) {
  const { version, production } = props;
  const [opened, { open, close }] = useDisclosure();
  const useless = version.promotable === 'no' || version.version === production;
  if (useless && !opened) return null;
  const back = version.state === 'retired';
  const unjudged = !back && version.gate === null;
  return (
    <>
      <Button
        variant={back || unjudged ? 'default' : 'filled'}
        leftSection={back ? <IconArrowBackUp size={16} aria-hidden /> : <IconRocket size={16} aria-hidden />}
        onClick={open}
      >
        {back ? 'Roll back to it' : unjudged ? 'Promote without an evaluation' : 'Promote'}
      </Button>
      {opened && <PromoteDialog {...props} onClose={close} />}
    </>
  );
}
