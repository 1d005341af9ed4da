import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACME_CLOUD_ID } from '../facts/sites.ts';
import { api } from '../standin-session.ts';
import { startStandin, type Standin } from '../standin.ts';

let standin: Standin;
beforeAll(async () => {
  standin = await startStandin({ transport: 'memory' });
});
afterAll(() => standin.close());

test.each([
  ['GET', '/rest/api/3/priority/1', 'read:jira-work', 200],
  ['GET', '/rest/api/2/priority/1', 'read:jira-work', 200],
  ['GET', '/rest/api/latest/priority/1', 'read:priority:jira', 200],
  ['GET', '/rest/api/3/priority/1', 'read:jira-user', 401],
  ['HEAD', '/rest/api/3/priority/1', 'read:jira-user', 401],
  ['PUT', '/rest/api/3/priority/default', 'manage:jira-configuration', 200],
  ['DELETE', '/rest/api/3/priority/1', 'manage:jira-configuration', 204],
  ['PATCH', '/rest/api/3/priority/1', 'manage:jira-configuration', 404],
  ['POST', '/rest/agile/1.0/sprint', 'write:sprint:jira-software', 201],
  ['POST', '/rest/agile/1.0/sprint', 'read:jira-work', 401],
  ['GET', '/rest/servicedeskapi/organization', 'manage:servicedesk-customer', 200],
  // The more literal template: `issue/{id}/votes` needs another scope.
  ['DELETE', '/rest/api/3/issue/properties/votes', 'delete:issue.property:jira', 204],
  ['DELETE', '/rest/api/3/issue/ROC-1/votes', 'delete:issue.property:jira', 401],
  // Any session of the product.
  ['GET', '/rest/api/3/serverInfo', 'read:jira-user', 200],
  // Closed to 3LO apps.
  ['GET', '/rest/atlassian-connect/1/service-registry', 'read:jira-work', 401],
])('%s %s with %s is %i', async (method, path, scope, status) => {
  const { accessToken } = standin.grant({ scopes: [scope] });
  const response = await api(standin, accessToken, `/ex/jira/${ACME_CLOUD_ID}${path}`, { method });
  expect(response.status).toBe(status);
});
