import { Badge, SimpleGrid, Text } from '@mantine/core';
import { Figure } from '../../../../components/figure.tsx';
import { AnchorLink } from '../../../../components/links.tsx';
import type { ModelMetrics, ModelStatus } from '../../../../lib/api/types.ts';
import { count, dateTime, percent } from '../../../../lib/format.ts';
import { score, share, successSoFar } from '../../figures.ts';
import { endpointWord } from '../../words.ts';
import { Panel } from '../../../../components/panel.tsx';

interface Props {
  status: ModelStatus;
  /** Undefined until loaded, and if no version was ever evaluated. */
  metrics: ModelMetrics | undefined;
}

/** The version in production, since when, and its metrics. */
export function ProductionCards({ status, metrics }: Props) {
  const { production, triggers } = status;
  const endpoint = endpointWord(status.endpoint.status);
  const tested = metrics?.candidate
    ? `on ${count(metrics.candidate.items, 'held-out item')}`
    : 'not evaluated';
  const soFar = successSoFar(metrics?.takeover ?? []);
  const judged = count(triggers.judged_in_window, 'judged task');
  return (
    <Panel
      title={production ? `Version ${production.version} serves` : 'No version serves yet'}
      description={
        production ? (
          <>
            {production.promoted_at && `Since ${dateTime(production.promoted_at)}. `}
            <AnchorLink
              to="/model/versions/$version"
              params={{ version: production.version }}
              size="sm"
              inherit
              underline="always"
            >
              All about this version
            </AnchorLink>
          </>
        ) : (
          'The first version is made when DukeNET is set up.'
        )
      }
      aside={
        <Badge variant="light" color={endpoint.color}>
          {endpoint.label}
        </Badge>
      }
    >
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Figure label="Accuracy" value={share(metrics?.accuracy)} note={tested} />
        <Figure label="F1" value={share(metrics?.f1)} note="mean over classes" />
        <Figure label="Calibration error" value={score(metrics?.ece)} note="0 is perfect" />
        <Figure
          label="Success rate"
          value={share(triggers.success_rate_last_100 ?? soFar)}
          note={
            triggers.judged_in_window === 0
              ? 'nothing judged yet'
              : triggers.success_rate_last_100 === null
                ? `${judged} so far; it counts from 100 on`
                : `last ${judged}; a run starts under ${percent(triggers.success_rate_floor)}`
          }
        />
      </SimpleGrid>
      {production && metrics?.candidate === null && (
        <Text size="sm" c="dimmed">
          This version was not evaluated: there was no test data yet. Figures appear with the first trained
          version.
        </Text>
      )}
    </Panel>
  );
}
