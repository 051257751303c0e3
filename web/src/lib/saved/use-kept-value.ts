import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useUser } from '../session/index.ts';
import { saved } from './index.ts';
import { createValueKeeper, type ValueFormat } from './kept-value.ts';

/** A value of the signed-in user that survives a reload and is the same in every tab. `format` must be a constant. */
export function useKeptValue<T>(name: string, format: ValueFormat<T>) {
  const { id } = useUser();
  const keeper = useMemo(() => createValueKeeper(saved, id, name, format), [id, name, format]);
  const state = useSyncExternalStore(keeper.subscribe, keeper.get);
  useEffect(() => keeper.listen(), [keeper]);
  return { ...state, change: keeper.change, clear: keeper.clear };
}
