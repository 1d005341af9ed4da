import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOpenApi, type PublishedOperation } from './published-operations.ts';
import { writeTable } from './write-table.ts';

/** The table in the package of the extension. */
const target = join(import.meta.dirname, '../../../extension/public/operations.txt');

/** An operation in a list of facts such as `test/standin/facts/operations.json`. */
interface ListedOperation extends Pick<PublishedOperation, 'method' | 'path'> {
  readonly scopes: readonly (readonly string[])[];
}

/**
 * Makes the table of operations from OpenAPI documents that were downloaded from developer.atlassian.com, or from a list of
 * facts: `npm run operations -- jira.json confluence.json …`. Name all of them: the table is written anew.
 */
const files = process.argv.slice(2);
if (files.length === 0) throw new Error('usage: npm run operations -- openapi.json …');
const operations = files.flatMap((file): PublishedOperation[] => {
  const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(document)) return readOpenApi(document);
  return (document as readonly ListedOperation[]).map(({ scopes, ...operation }) => ({
    ...operation,
    alternatives: scopes,
  }));
});
writeFileSync(target, writeTable(operations));
console.log(`${operations.length} operations`);
