import { found, json, type Answer } from '../http/answer.ts';
import { parseJson } from '../http/incoming.ts';
import { issueFields, type Issue } from '../state/content.ts';
import { jiraError } from '../state/gateway-errors.ts';
import { boundedNumber, type Call, type Route } from '../state/route.ts';
import { avatarUrl, picture } from './identity-api.ts';
import { ATTACHMENT_ROUTES } from './jira-attachments.ts';
import { searchGet, searchPost } from './jira-search.ts';

/** Jira platform REST, versions 2 and 3. */
export const JIRA_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/rest\/api\/[23]\/myself$/,
    handle: myself,
  },
  { method: 'GET', path: /^\/rest\/api\/[23]\/serverInfo$/, handle: serverInfo },
  { method: 'GET', path: /^\/rest\/api\/[23]\/search\/jql$/, handle: searchGet },
  {
    method: 'POST',
    path: /^\/rest\/api\/[23]\/search\/jql$/,
    handle: searchPost,
  },
  {
    method: 'GET',
    path: /^\/rest\/api\/[23]\/project\/search$/,
    handle: projectSearch,
  },
  { method: 'POST', path: /^\/rest\/api\/[23]\/issue$/, handle: createIssue },
  {
    method: 'GET',
    path: /^\/rest\/api\/[23]\/issue\/([^/]+)$/,
    handle: getIssue,
  },
  {
    method: 'PUT',
    path: /^\/rest\/api\/[23]\/issue\/([^/]+)$/,
    handle: editIssue,
  },
  ...ATTACHMENT_ROUTES,
];

function myself({ site, account }: Call): Answer {
  const { accountId, name, email } = account;
  const image = picture(account);
  return found(1, {
    self: `${site.url}/rest/api/3/user?accountId=${accountId}`,
    accountId,
    accountType: 'atlassian',
    emailAddress: email,
    avatarUrls: { '16x16': image, '24x24': image, '32x32': image, '48x48': image },
    displayName: name,
    active: true,
    timeZone: 'Europe/Berlin',
    locale: 'en_GB',
    groups: { size: 0, items: [] },
    applicationRoles: { size: 1, items: [] },
  });
}

function serverInfo({ world, site }: Call): Answer {
  return json(200, {
    baseUrl: site.url,
    version: '1001.0.0-SNAPSHOT',
    versionNumbers: [1001, 0, 0],
    deploymentType: 'Cloud',
    buildNumber: 100300,
    serverTime: new Date(world.clock.nowMs()).toISOString().replace('Z', '+0000'),
    serverTitle: `${site.name} Jira`,
  });
}

function projectSearch({ world, incoming, site }: Call): Answer {
  const { query } = incoming;
  const startAt = boundedNumber(query.get('startAt'), 0, 1_000_000);
  const maxResults = boundedNumber(query.get('maxResults'), 50, 50);
  const all = world.content.projects.filter(({ cloudId }) => cloudId === site.cloudId);
  const values = all.slice(startAt, startAt + maxResults).map(({ id, key, name }) => ({
    id,
    key,
    name,
    self: `${site.url}/rest/api/3/project/${id}`,
    projectTypeKey: 'software',
    simplified: false,
    style: 'classic',
    isPrivate: false,
    avatarUrls: { '48x48': avatarUrl(site) },
  }));
  const isLast = startAt + values.length >= all.length;
  return found(values.length, { maxResults, startAt, total: all.length, isLast, values });
}

function getIssue(call: Call): Answer {
  const issue = findIssue(call);
  if (issue === undefined) return noSuchIssue();
  const { id, key, fields } = issue;
  return found(1, { expand: 'names', id, self: selfOf(call, id), key, fields });
}

function createIssue(call: Call): Answer {
  const { world, site, incoming } = call;
  const fields = fieldsOf(incoming.body);
  if (fields === undefined) return jiraError(400, ['There was an error parsing JSON.']);
  const named = fields['project'] as { key?: string; id?: string } | undefined;
  const project = world.content.projects.find(
    (entry) =>
      entry.cloudId === site.cloudId && (entry.key === named?.key || entry.id === named?.id),
  );
  const errors = {
    ...(project === undefined ? { project: 'Specify a valid project ID or key' } : {}),
    ...(fields['summary'] ? {} : { summary: 'You must specify a summary of the issue.' }),
    ...(fields['issuetype'] ? {} : { issuetype: 'Specify an issue type' }),
  };
  if (project === undefined || Object.keys(errors).length > 0) return jiraError(400, [], errors);
  const issue = newIssue(call, project.key, fields);
  world.content.issues.push(issue);
  return json(201, { id: issue.id, key: issue.key, self: selfOf(call, issue.id) });
}

function newIssue(call: Call, projectKey: string, fields: Record<string, unknown>): Issue {
  const { world, site } = call;
  const { issues } = world.content;
  const nowMs = world.clock.nowMs();
  const number = issues.filter((issue) => issue.projectKey === projectKey).length + 1;
  return {
    id: String(40000 + issues.length),
    key: `${projectKey}-${number}`,
    projectKey,
    cloudId: site.cloudId,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    fields: { ...issueFields(projectKey, '', 'Task', 'To Do', nowMs), ...fields },
  };
}

function editIssue(call: Call): Answer {
  const issue = findIssue(call);
  if (issue === undefined) return noSuchIssue();
  const fields = fieldsOf(call.incoming.body);
  if (fields === undefined) return jiraError(400, ['There was an error parsing JSON.']);
  issue.fields = { ...issue.fields, ...fields };
  issue.updatedAtMs = call.world.clock.nowMs();
  return { status: 204 };
}

function fieldsOf(body: Buffer): Record<string, unknown> | undefined {
  const parsed = parseJson(body.toString('utf8')) as { fields?: unknown } | null | undefined;
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { fields = {} } = parsed;
  return typeof fields === 'object' ? (fields as Record<string, unknown>) : undefined;
}

function findIssue({ world, site, parameters }: Call): Issue | undefined {
  const [named = ''] = parameters;
  return world.content.issues.find(
    ({ cloudId, key, id }) => cloudId === site.cloudId && (key === named || id === named),
  );
}

function noSuchIssue(): Answer {
  return jiraError(404, ['Issue does not exist or you do not have permission to see it.']);
}

function selfOf({ world, site }: Call, id: string): string {
  return `https://${world.hosts.api}/ex/jira/${site.cloudId}/rest/api/3/issue/${id}`;
}
