import type { Product } from '../session/site.ts';

/** Paths of `POST` operations, below the page of the documentation that describes them. */
type Operations = readonly string[];

const jiraApi = '/rest/api/{2,3,latest}';

/**
 * Jira Data Center has only `search` of these.
 * @see https://developer.atlassian.com/cloud/jira/platform/rest/v3/ (v2 has the same operations)
 * @see https://developer.atlassian.com/server/jira/platform/rest/v10005/api-group-search/
 */
const jira: Operations = [
  // api-group-issue-search
  'search',
  'search/jql',
  'search/approximate-count',
  // api-group-issues
  'issue/bulkfetch',
  'issue/{issueIdOrKey}/changelog/list',
  'changelog/bulkfetch',
  // api-group-issue-watchers
  'issue/watching',
  // api-group-issue-comments
  'comment/list',
  // api-group-issue-worklogs
  'worklog/list',
  // api-group-jql
  'jql/parse',
  'jql/match',
  'jql/sanitize',
  'jql/pdcleaner',
  'jql/autocompletedata',
  // api-group-jql-functions--apps-
  'jql/function/computation/search',
  // api-group-jira-expressions
  'expression/analyse',
  'expression/evaluate',
  // Deprecated: kept so that a page receives the server's answer.
  'expression/eval',
  // api-group-permissions
  'permissions/check',
  'permissions/project',
  // api-group-workflows
  'workflows',
  'workflows/preview',
  'workflow/history',
  'workflow/history/list',
  // api-group-workflow-schemes
  'workflowscheme/read',
  // api-group-priority-schemes
  'priorityscheme/mappings',
  // api-group-issue-custom-field-contexts
  'field/{fieldId}/context/mapping',
  // api-group-issue-custom-field-configuration--apps-
  'app/field/context/configuration/list',
];

/** @see https://developer.atlassian.com/cloud/jira/service-desk/rest/ */
const serviceManagement: Operations = [
  // api-group-servicedesk
  'servicedesk/{serviceDeskId}/requesttype/permissions/check',
];

/** @see https://developer.atlassian.com/cloud/confluence/rest/v1/ */
const confluence1: Operations = [
  // api-group-content-permissions
  'content/{id}/permission/check',
  // api-group-content-body
  // The documented formats only: nothing that is added to this path counts as a read unseen.
  'contentbody/convert/async/{atlas_doc_format,editor,export_view,storage,styled_view,view}',
  'contentbody/convert/async/bulk/tasks',
];

/** @see https://developer.atlassian.com/cloud/confluence/rest/v2/ */
const confluence2: Operations = [
  // api-group-content
  'content/convert-ids-to-types',
  // api-group-user
  'user/access/check-access-by-email',
  'users-bulk',
];

/** @see https://developer.atlassian.com/server/confluence/rest/v930/ */
const confluenceDataCenter: Operations = [
  // api-group-content-body
  'contentbody/convert/{editor,export_view,storage,styled_view,view}',
];

/** @see https://developer.atlassian.com/server/bitbucket/rest/v906/ */
const bitbucketMarkup: Operations = [
  // api-group-markup
  'markup/preview',
];

/** @see https://developer.atlassian.com/server/bitbucket/rest/v807/ */
const bitbucketBuilds: Operations = [
  // api-group-builds-and-deployments
  'commits/stats',
];

function below(base: string, operations: Operations): string[] {
  return operations.map((path) => `${base}/${path}`);
}

/**
 * The paths at which a `POST` only reads: the operation returns, checks or converts what it was sent, and a provider with
 * scopes for each operation accepts it with scopes that only read. `{a,b}` stands for one of these words, `{id}` for any
 * one id. Bamboo's documentation describes no such `POST`.
 */
export const readingPosts: Readonly<Record<Product, readonly string[]>> = {
  jira: [...below(jiraApi, jira), ...below('/rest/servicedeskapi', serviceManagement)],
  confluence: [
    ...below('/wiki/rest/api', confluence1),
    ...below('/wiki/api/v2', confluence2),
    ...below('/rest/api', confluenceDataCenter),
  ],
  bitbucket: [
    ...below('/rest/api/{latest,1.0}', bitbucketMarkup),
    ...below('/rest/build-status/{latest,1.0}', bitbucketBuilds),
  ],
  bamboo: [],
  generic: [],
};
