import type { Condition, Update } from './table.ts';

export interface Expression {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** Collects attribute names and values under generated placeholders. */
class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #values: unknown[] = [];

  name(attribute: string): string {
    const placeholder = this.#names.get(attribute) ?? `#n${this.#names.size}`;
    this.#names.set(attribute, placeholder);
    return placeholder;
  }
  value(value: unknown): string {
    return `:v${this.#values.push(value) - 1}`;
  }
  toExpression(): Expression {
    return {
      ...(this.#names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries(
          [...this.#names].map(([attribute, name]) => [name, attribute]),
        ),
      }),
      ...(this.#values.length > 0 && {
        ExpressionAttributeValues: Object.fromEntries(this.#values.map((value, i) => [`:v${i}`, value])),
      }),
    };
  }
}

function conditionText(condition: Condition, at: Placeholders): string {
  const name = at.name(condition.attribute);
  switch (condition.is) {
    case 'present':
      return `attribute_exists(${name})`;
    case 'absent':
      return `attribute_not_exists(${name})`;
    case 'equal':
      return `${name} = ${at.value(condition.value)}`;
    case 'at_least':
      return `${name} >= ${at.value(condition.value)}`;
    case 'at_most':
      return `${name} <= ${at.value(condition.value)}`;
    case 'absent_or_at_most':
      return `(attribute_not_exists(${name}) OR ${name} <= ${at.value(condition.value)})`;
    case 'one_of':
      return `${name} IN (${condition.values.map((value) => at.value(value)).join(', ')})`;
  }
}

const conditionsText = (
  when: readonly Condition[] | undefined,
  at: Placeholders,
): { ConditionExpression?: string } =>
  when && when.length > 0 ? { ConditionExpression: when.map((c) => conditionText(c, at)).join(' AND ') } : {};

/** Only the condition, for a put, a delete or a check. */
export function conditionExpression(
  when: readonly Condition[] | undefined,
): Expression & { ConditionExpression?: string } {
  const at = new Placeholders();
  const text = conditionsText(when, at);
  return { ...text, ...at.toExpression() };
}

export function updateExpression(
  update: Update,
): Expression & { UpdateExpression: string; ConditionExpression?: string } {
  const at = new Placeholders();
  const defined = (item: Update['set']) =>
    Object.entries(item ?? {}).filter(([, value]) => value !== undefined);
  const set = [
    ...defined(update.set).map(([attribute, value]) => `${at.name(attribute)} = ${at.value(value)}`),
    ...defined(update.setOnce).map(([attribute, value]) => {
      const name = at.name(attribute);
      return `${name} = if_not_exists(${name}, ${at.value(value)})`;
    }),
  ];
  const add = Object.entries(update.add ?? {}).map(
    ([attribute, by]) => `${at.name(attribute)} ${at.value(by)}`,
  );
  const remove = (update.remove ?? []).map((attribute) => at.name(attribute));
  const UpdateExpression = [
    set.length > 0 && `SET ${set.join(', ')}`,
    add.length > 0 && `ADD ${add.join(', ')}`,
    remove.length > 0 && `REMOVE ${remove.join(', ')}`,
  ]
    .filter(Boolean)
    .join(' ');
  const condition = conditionsText(update.when, at);
  return { UpdateExpression, ...condition, ...at.toExpression() };
}
