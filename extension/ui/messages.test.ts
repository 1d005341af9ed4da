import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { problemMeanings } from '#core/protocol/oauth1-problems.ts';
import { applicationLinkSteps, incomingLinkSteps } from '#core/provider/application-link.ts';
import { dataCenterProducts } from '#core/provider/data-center.ts';
import { fieldProblemNames, ownPageFaultCodes } from '#core/values/fault.ts';
import { pageFaultCodes } from '#core/values/page-fault.ts';
import english from '../public/_locales/en/messages.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');
const keys = Object.keys(english);

it.each([...pageFaultCodes, ...ownPageFaultCodes])('has a text for the fault %s', (code) => {
  expect(keys).toContain(`fault_${code}`);
});

it.each(fieldProblemNames)('has a text for the problem %s', (problem) => {
  expect(keys).toContain(`problem_${problem}`);
});

it.each(Object.keys(problemMeanings))('has a text for the OAuth 1.0a problem %s', (name) => {
  expect(keys).toContain(`oauth1_problem_${name}`);
});

it('has a text for each step of an application link', () => {
  expect(keys).toEqual(expect.arrayContaining([...applicationLinkSteps]));
});

it.each(dataCenterProducts)('has a text for each administration step of %s', (product) => {
  expect(keys).toEqual(expect.arrayContaining([...incomingLinkSteps(product)]));
});

it('has no empty text, and describes every text with substitutions', () => {
  for (const [key, entry] of Object.entries(english)) {
    expect(entry.message.trim(), key).not.toBe('');
    expect('description' in entry || !entry.message.includes('$'), key).toBe(true);
  }
});

it('has no unused text', () => {
  const derived =
    /^(fault|problem|status|connect_outcome|storage_damaged|thing|session|product|access|duration|scope_group|scope_description|setting|help|unit|repair|authentication|pkce|admin_step|link_step|oauth1_problem|consumer_info|signed_phase|console_url|discovery|import_problem|postman_warning)_|_(one|other)$/u;
  const sources = ['background', 'popup', 'options', 'extension/ui', 'extension/core/values']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(root, folder, file),
      ),
    )
    .filter((file) => /\.tsx?$/u.test(file) && !file.includes('.test.'))
    .map((file) => readFileSync(file, 'utf8'))
    .concat(
      readFileSync(join(root, 'manifest.json'), 'utf8')
        .replaceAll('__MSG_', "'")
        .replaceAll('__"', "'"),
    )
    .join('\n');
  const unused = keys.filter(
    (key) => !derived.test(key) && !sources.includes(`'${key}'`) && !sources.includes(`"${key}"`),
  );
  expect(unused).toEqual([]);
});
