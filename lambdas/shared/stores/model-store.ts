import { ModelRecord, RoutingRecord } from '../../../contracts/entities/model.ts';
import { keys } from '../../../contracts/naming.ts';
import { parseRecord, record } from './records.ts';
import { happened } from './table.ts';
import type { Table } from './table.ts';

export interface ModelStore {
  /** Undefined until a first version serves. */
  routing(): Promise<RoutingRecord | undefined>;
  version(version: string): Promise<ModelRecord | undefined>;
  /** Registers a version once; false when it is there already. */
  register(model: ModelRecord): Promise<boolean>;
  /** The one write of a promotion; false when somebody else routed meanwhile. `revision` is one more than the one read. */
  route(routing: RoutingRecord): Promise<boolean>;
}

export function modelStore(table: Table): ModelStore {
  return {
    async routing() {
      const item = await table.get(keys.routing());
      return item && parseRecord(RoutingRecord, item);
    },
    async version(version) {
      const item = await table.get(keys.modelVersion(version));
      return item && parseRecord(ModelRecord, item);
    },
    register: (model) =>
      happened(
        table.write({
          put: record('model', keys.modelVersion(model.version), model),
          when: [{ attribute: 'pk', is: 'absent' }],
        }),
      ),
    route: (routing) =>
      happened(
        table.write({
          put: record('routing', keys.routing(), routing),
          when: [
            routing.revision === 1
              ? { attribute: 'pk', is: 'absent' }
              : { attribute: 'revision', is: 'equal', value: routing.revision - 1 },
          ],
        }),
      ),
  };
}
