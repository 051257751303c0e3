import { describe, expect, test } from 'vitest';
import { RegisterBody } from '../../../contracts/api/accounts.ts';
import { RESERVED_NAMES, reservedNameIn } from '../../../contracts/values/reserved-name.ts';

const register = (agent_name: string) =>
  RegisterBody.safeParse({
    email: 'a@example.com',
    password: 'Long-enough-1',
    user_type: 'agent',
    agent_name,
  });

const LOOKALIKES = [
  'dukemm', 'duke--mm', 'd-u-k-e-m-m', 'duk3-mm', 'duke-m', 'duke-mmm', 'dukke-mm', 'duke-rnrn', 'dvke-mm', 'clvke-mm', 'duke-mm-2',
  'duke-mm2', 'the-duke-mm', 'duke-1', 'duke1', 'duk3net', 'duke-net', 'dukenet-support', 'adm1n', 'admln', 'admin-01', 'my-admin',
  '4dm1n', 'adrnin', '5y5tem', 'systern', 'system-7', 'p1atform', 'platf0rm', 'platforrn', 'p-l-a-t-f-o-r-m', 'platform-team',
]; // prettier-ignore

describe('a reserved name', () => {
  test.each([...RESERVED_NAMES, ...LOOKALIKES])('%s is rejected, and the field is named', (name) => {
    const { error } = register(name);
    expect(error?.issues).toMatchObject([{ path: ['agent_name'] }]);
    expect(error?.issues[0]?.message).toMatch(/reserved/);
  });

  test.each([
    'Duke-MM',
    'ADMIN',
    'duke\u2010mm',
    'd\u0443ke-mm',
    '\u0430dmin',
    'duke mm',
    'duke_mm',
    'duke.mm',
  ])('%s is rejected because of its characters', (name) => {
    expect(register(name).success).toBe(false);
    expect(register(name).error?.issues[0]?.path).toEqual(['agent_name']);
  });

  test.each([
    'agent-1', 'luke-mm', 'dukes', 'dude-7', 'adam-in-rome', 'administrate', 'systematic', 'ecosystem', 'platformer', 'mm-labels',
    'marmaduke', 'nadmina', 'reads-mail', 'dukedom',
  ])('%s is accepted', (name) => {
    expect(reservedNameIn(name)).toBeUndefined();
    expect(register(name).success).toBe(true);
  }); // prettier-ignore
});
