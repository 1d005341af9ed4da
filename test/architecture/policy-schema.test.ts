import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maxPolicyClients } from '../../extension/core/policy/policy-client.ts';
import { maxPolicyOrigins } from '../../extension/core/policy/policy-page.ts';
import {
  maxPointsPerHour,
  maxUpdateTextLength,
  policyMembers,
  readPolicy,
} from '../../extension/core/policy/policy.ts';
import { settingFields, settingNames } from '../../extension/core/values/settings.ts';
import { policySamples } from '../support/samples/policy-samples.ts';
import { root } from './imports.ts';
import { isValid, type JsonSchema } from './json-schema.ts';

const schemaIn = (path: string): JsonSchema =>
  JSON.parse(readFileSync(join(root, path), 'utf8')) as JsonSchema;
const strict = schemaIn('docs/policy.schema.json');

describe('docs/policy.schema.json', () => {
  it.each(policySamples)('judges as the parser does: $title', ({ policy, ...expected }) => {
    const found = readPolicy(policy).problems.map(({ field, problem }) => `${field} ${problem}`);
    expect(found).toEqual(expected.problems);
    const isAccepted = expected.problems.length === 0 || expected.isBeyondSchema === true;
    // A member that is undefined is none in JSON.
    expect(isValid(JSON.parse(JSON.stringify(policy)), strict)).toBe(isAccepted);
  });

  it('has the members and the limits of the parser', () => {
    const { clients, connectedPages, blockedOrigins, pointsPerHour, updateText, settings } =
      strict.properties ?? {};
    expect(Object.keys(strict.properties ?? {})).toEqual(policyMembers);
    expect(clients?.maxItems).toBe(maxPolicyClients);
    expect(connectedPages?.maxItems).toBe(maxPolicyOrigins);
    expect(blockedOrigins?.maxItems).toBe(maxPolicyOrigins);
    expect(pointsPerHour?.maximum).toBe(maxPointsPerHour);
    expect(updateText?.maxLength).toBe(maxUpdateTextLength);
    const bounds = settingNames.map((name) => {
      const field = settingFields[name];
      return [name, 'min' in field ? [field.min, field.max] : []];
    });
    const inSchema = Object.entries(settings?.properties ?? {}).map(([name, one]) => [
      name,
      one.minimum === undefined ? [] : [one.minimum, one.maximum],
    ]);
    expect(inSchema).toEqual(bounds);
  });
});

describe('the schema in the manifest', () => {
  // Chromium drops a whole member of the policy without a word when anything in it has another type: the parser judges the rest.
  it('has the members of docs/policy.schema.json, and nothing but their types', () => {
    expect(schemaIn('extension/public/managed-schema.json')).toEqual(typesOf(strict));
  });
});

function typesOf({ type, properties, additionalProperties, items }: JsonSchema): JsonSchema {
  return {
    ...(type === undefined ? {} : { type }),
    ...(properties === undefined ? {} : { properties: mapped(properties) }),
    ...(additionalProperties ? { additionalProperties: typesOf(additionalProperties) } : {}),
    ...(items === undefined ? {} : { items: typesOf(items) }),
  };
}

function mapped(properties: NonNullable<JsonSchema['properties']>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, typesOf(one)]));
}
