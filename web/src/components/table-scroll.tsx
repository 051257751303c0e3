import { Table, type TableScrollContainerProps } from '@mantine/core';

/** A table that scrolls sideways where it is too wide; a keyboard can scroll it too. */
export function TableScroll(props: TableScrollContainerProps) {
  return <Table.ScrollContainer type="native" tabIndex={0} {...props} />;
}
