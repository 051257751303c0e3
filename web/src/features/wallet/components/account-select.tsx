import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useAccounts } from '../api/find-accounts.ts';

const SEARCH_AFTER_MS = 250;

/** Chooses an account by its e-mail address; its value is the id. */
export function AccountSelect(props: Omit<SelectProps, 'data' | 'searchable'>) {
  const [text, setText] = useState('');
  const [searched] = useDebouncedValue(text.trim(), SEARCH_AFTER_MS);
  const { data = [] } = useAccounts(searched);
  return (
    <Select
      {...props}
      searchable
      clearable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options} // the server has searched already
      nothingFoundMessage="No account matches"
      data={data.map(({ id, email, full_name }) => ({
        value: id,
        label: full_name ? `${email} (${full_name})` : email,
      }))}
    />
  );
}
