import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One operation that Atlassian publishes. */
export interface PublishedOperation {
  readonly api: string;
  readonly method: string;
  /** Its path with `{name}` for a parameter, below the site. */
  readonly path: string;
  /** Scopes that reach it: one of the lists, whole. */
  readonly scopes: readonly (readonly string[])[];
  /** Whether 3LO apps may call it at all. */
  readonly oauth: boolean;
}

/** The public operations of Jira, Jira Service Management and Confluence, from the published OpenAPI documents. */
export const PUBLISHED_OPERATIONS = JSON.parse(
  readFileSync(join(import.meta.dirname, 'operations.json'), 'utf8'),
) as readonly PublishedOperation[];
