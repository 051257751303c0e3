import { DataList, Stack, Text } from '@mantine/core';
import type { Item } from '../../lib/api/types.ts';
import { parseMediumUri } from '../../lib/media/medium-ref.ts';
import classes from './media.module.css';
import { MediumView } from './medium-view.tsx';

/** A cell above this length gets a scroll bar, which a keyboard must be able to reach. */
const LONG_TEXT = 600;

function FieldValue({ value }: { readonly value: Item['fields'][string] }) {
  const text = String(value ?? '');
  if (text === '')
    return (
      <Text span size="sm" c="dimmed">
        blank
      </Text>
    );
  return (
    <div className={classes.value} {...(text.length > LONG_TEXT && { tabIndex: 0, role: 'group' })}>
      {text}
    </div>
  );
}

/** All that is known of an item: its fields, then its media. */
export function ItemView({ item }: { readonly item: Pick<Item, 'fields' | 'media'> }) {
  const fields = Object.entries(item.fields);
  const media = Object.entries(item.media ?? {});
  return (
    <Stack gap="md">
      {fields.length > 0 && (
        <DataList orientation="vertical" gap={8}>
          {fields.map(([name, value]) => (
            <DataList.Item key={name}>
              <DataList.ItemLabel>{name}</DataList.ItemLabel>
              <DataList.ItemValue>
                <FieldValue value={value} />
              </DataList.ItemValue>
            </DataList.Item>
          ))}
        </DataList>
      )}
      {media.map(([name, { uri, file_type, encoding }]) => {
        const ref = parseMediumUri(uri);
        if (!ref)
          return (
            <Text key={name} size="sm" c="dimmed">
              {name}: this file has no address here.
            </Text>
          );
        return <MediumView key={name} medium={ref} fileType={file_type} encoding={encoding} />;
      })}
    </Stack>
  );
}
