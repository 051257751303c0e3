import { Anchor, Code, DataList, Group, SimpleGrid, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { AnchorLink } from '../../../../components/links.tsx';
import { QueryState } from '../../../../components/query-state.tsx';
import type { ModelVersion } from '../../../../lib/api/types.ts';
import { bytes, count, dateTime } from '../../../../lib/format.ts';
import { useRun } from '../../api/get-run.ts';
import { KIND } from '../../../../lib/kind.ts';
import { DataCounts } from '../data-counts.tsx';
import { Fact } from '../../../../components/fact.tsx';
import { Panel } from '../../../../components/panel.tsx';

const HASH_SHOWN = 16;

function Hash({ value }: { value: string }) {
  return (
    <Code title={value}>
      {value.slice(0, HASH_SHOWN)}
      <span aria-hidden>…</span>
    </Code>
  );
}

function Origin({ version }: { version: ModelVersion }) {
  const { lineage, parent } = version;
  return (
    <>
      <Fact label="Parent">
        {parent ? (
          <AnchorLink to="/model/versions/$version" params={{ version: parent }} size="sm">
            Version {parent}
          </AnchorLink>
        ) : (
          'none: it is the first of its line'
        )}
      </Fact>
      {lineage ? (
        <>
          <Fact label="Learned from">{count(lineage.examples, 'example')}</Fact>
          <Fact label="Data hash">
            <Hash value={lineage.data_sha256} />
          </Fact>
        </>
      ) : (
        version.state !== 'failed' && (
          <Fact label="Learned from">nothing yet: it has the pretrained encoders only</Fact>
        )
      )}
    </>
  );
}

function Data({ runId }: { runId: string }) {
  const query = useRun(runId);
  return (
    <Panel
      title="Data"
      aside={
        <AnchorLink to="/model/runs/$runId" params={{ runId }} size="sm">
          Open the run
        </AnchorLink>
      }
    >
      <QueryState query={query} rows={2}>
        {({ data }) =>
          data ? (
            <DataCounts data={data} />
          ) : (
            <Text size="sm" c="dimmed">
              Its data set is not recorded.
            </Text>
          )
        }
      </QueryState>
    </Panel>
  );
}

interface Props {
  version: ModelVersion;
  modelCardUrl: string | null;
  /** Whether the viewer may see the run, and with it the counts of the data. */
  admin: boolean;
}

/** The origin of a version and its history. */
export function VersionFacts({ version, modelCardUrl, admin }: Props) {
  const run = admin ? version.lineage?.run_id : undefined;
  return (
    <SimpleGrid cols={{ base: 1, sm: run ? 2 : 1 }}>
      <Panel title="Lineage">
        <DataList labelWidth={140}>
          <Fact label="Made">{dateTime(version.created_at)}</Fact>
          {version.promoted_at && (
            <Fact label="In production">
              {version.retired_at ? 'from' : 'since'} {dateTime(version.promoted_at)}
            </Fact>
          )}
          {version.retired_at && <Fact label="Until">{dateTime(version.retired_at)}</Fact>}
          <Origin version={version} />
          {version.kinds.length > 0 && (
            <Fact label="Answers with">{version.kinds.map((kind) => KIND[kind]).join(', ')}</Fact>
          )}
          {version.sha256 && (
            <Fact label="Artifact">
              <Group gap="xs">
                {version.size_bytes !== null && bytes(version.size_bytes)} <Hash value={version.sha256} />
              </Group>
            </Fact>
          )}
          {modelCardUrl && (
            <Fact label="Model card">
              <Anchor href={modelCardUrl} size="sm" download>
                <Group gap={4} component="span">
                  <IconDownload size={14} aria-hidden /> Download
                </Group>
              </Anchor>
            </Fact>
          )}
        </DataList>
      </Panel>
      {run && <Data runId={run} />}
    </SimpleGrid>
  );
}
