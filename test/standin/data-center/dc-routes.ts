import type { Account } from '../facts/sites.ts';
import { json, text, type Answer } from '../http/answer.ts';
import { parseJson } from '../http/incoming.ts';
import type { DcCall, DcRoute } from './dc-call.ts';
import { DC_CONTENT, type DcItem } from './dc-content.ts';
import type { DcProduct } from './products.ts';

/** A handful of endpoints per product, as its REST reference names them; `latest` is an alias of each version. */
export const DC_ROUTES: Readonly<Record<DcProduct, readonly DcRoute[]>> = {
  jira: [
    get(/^\/rest\/api\/(?:2|latest)\/myself$/, ({ account }) => json(200, jiraUser(account!))),
    open(/^\/rest\/api\/(?:2|latest)\/serverInfo$/, ({ state }) =>
      json(200, { baseUrl: state.baseUrl, version: '10.3.2', deploymentType: 'Server' }),
    ),
    open(/^\/rest\/api\/(?:2|latest)\/project$/, (call) => json(200, projectsOf(call))),
    open(/^\/rest\/api\/(?:2|latest)\/search$/, (call) => {
      const issues = visible(call).map((item) => issueOf(call, item));
      return json(200, { startAt: 0, maxResults: 50, total: issues.length, issues });
    }),
    open(/^\/rest\/api\/(?:2|latest)\/issue\/([^/]+)$/, (call) => {
      const item = visible(call).find(({ key }) => key === call.parameters[0]);
      return item ? json(200, issueOf(call, item)) : missing('Issue Does Not Exist');
    }),
    write('POST', /^\/rest\/api\/(?:2|latest)\/issue$/, () => ({ id: '20001', key: 'RKT-99' })),
    write('PUT', /^\/rest\/api\/(?:2|latest)\/issue\/([^/]+)$/, () => undefined),
    write('POST', /^\/rest\/api\/(?:2|latest)\/issue\/([^/]+)\/comment$/, () => ({ id: '30001' })),
    { ...get(/^\/rest\/api\/(?:2|latest)\/configuration$/, () => json(200, {})), scope: 'ADMIN' },
    get(/^\/plugins\/servlet\/applinks\/whoami$/, ({ account }) => text(200, account!.nickname)),
  ],
  confluence: [
    open(/^\/rest\/api\/user\/current$/, ({ account }) =>
      json(
        200,
        account
          ? {
              type: 'known',
              username: account.nickname,
              userKey: account.accountId,
              displayName: account.name,
            }
          : { type: 'anonymous', displayName: 'Anonymous' },
      ),
    ),
    open(/^\/rest\/api\/space$/, (call) => json(200, listed(projectsOf(call)))),
    open(/^\/rest\/api\/content$/, (call) => json(200, listed(visible(call).map(pageOf)))),
    open(/^\/rest\/api\/content\/([^/]+)$/, (call) => {
      const item = visible(call).find(({ key }) => key === call.parameters[0]);
      return item ? json(200, pageOf(item)) : missing('No content found');
    }),
    write('POST', /^\/rest\/api\/content$/, () => ({ id: '20001', type: 'page' })),
  ],
  bitbucket: [
    open(/^\/rest\/api\/(?:1\.0|latest)\/application-properties$/, () =>
      json(200, { version: '9.4.1', displayName: 'Bitbucket' }),
    ),
    get(/^\/rest\/api\/(?:1\.0|latest)\/users$/, ({ state }) =>
      json(200, paged(state.accounts.all.map(bitbucketUser))),
    ),
    get(/^\/rest\/api\/(?:1\.0|latest)\/users\/([^/]+)$/, ({ state, parameters: [slug = ''] }) => {
      const account = state.accounts.find(slug);
      return account ? json(200, bitbucketUser(account)) : missing('No such user');
    }),
    open(/^\/rest\/api\/(?:1\.0|latest)\/projects$/, (call) => json(200, paged(projectsOf(call)))),
    open(/^\/rest\/api\/(?:1\.0|latest)\/repos$/, (call) => json(200, paged(reposOf(call)))),
    open(/^\/rest\/api\/(?:1\.0|latest)\/projects\/([^/]+)\/repos$/, (call) =>
      json(200, paged(reposOf(call).filter(({ project }) => project.key === call.parameters[0]))),
    ),
    write('PUT', /^\/rest\/api\/(?:1\.0|latest)\/projects\/[^/]+\/repos\/[^/]+$/, () => ({})),
    write(
      'POST',
      /^\/rest\/api\/(?:1\.0|latest)\/projects\/[^/]+\/repos$/,
      () => ({ id: 9 }),
      'PROJECT_ADMIN',
    ),
  ],
  bamboo: [
    get(/^\/rest\/api\/latest\/currentUser$/, ({ account }) =>
      json(200, { name: account!.nickname, fullName: account!.name, email: account!.email }),
    ),
    open(/^\/rest\/api\/latest\/info$/, () => json(200, { version: '10.2.3', state: 'RUNNING' })),
    open(/^\/rest\/api\/latest\/plan$/, (call) => {
      const plan = visible(call).map(({ key, title }) => ({ key, name: title, type: 'chain' }));
      return json(200, { plans: { size: plan.length, plan } });
    }),
    write('POST', /^\/rest\/api\/latest\/queue\/([^/]+)$/, () => ({ buildNumber: 7 }), 'TRIGGER'),
  ],
};

function get(path: RegExp, handle: DcRoute['handle']): DcRoute {
  return { method: 'GET', path, handle };
}

function open(path: RegExp, handle: DcRoute['handle']): DcRoute {
  return { method: 'GET', path, handle, isPublic: true };
}

function write(
  method: 'POST' | 'PUT',
  path: RegExp,
  created: () => unknown,
  scope?: string,
): DcRoute {
  const handle = ({ state, incoming, account }: DcCall): Answer => {
    const body = incoming.body.toString('utf8');
    if (body !== '' && parseJson(body) === undefined) return json(400, { message: 'Not JSON' });
    state.written.push({ by: account!.nickname, path: incoming.path, body });
    const answer = created();
    if (answer === undefined) return { status: 204 };
    return json(method === 'POST' ? 201 : 200, answer);
  };
  return { method, path, handle, ...(scope === undefined ? {} : { scope }) };
}

/** Nobody sees the public items alone. */
function visible({ state, account }: DcCall): DcItem[] {
  return DC_CONTENT[state.product].filter(({ isPublic }) => isPublic || account !== undefined);
}

function projectsOf(call: DcCall): { key: string; name: string }[] {
  const keys = [...new Set(visible(call).map(({ project }) => project))];
  return keys.map((key) => ({ key, name: `Project ${key}` }));
}

function issueOf({ state }: DcCall, { key, title }: DcItem) {
  return { key, self: `${state.baseUrl}/rest/api/2/issue/${key}`, fields: { summary: title } };
}

function pageOf({ key, title, project }: DcItem) {
  return { id: key, type: 'page', title, space: { key: project } };
}

function reposOf(call: DcCall) {
  return visible(call).map((item) => ({
    slug: item.key,
    name: item.title,
    public: item.isPublic,
    project: { key: item.project },
  }));
}

function jiraUser({ nickname, accountId, name, email }: Account) {
  return { name: nickname, key: accountId, displayName: name, emailAddress: email, active: true };
}

function bitbucketUser({ nickname, name, email }: Account) {
  return { name: nickname, slug: nickname, displayName: name, emailAddress: email, type: 'NORMAL' };
}

function listed(results: readonly unknown[]) {
  return { results, start: 0, limit: 25, size: results.length };
}

function paged(values: readonly unknown[]) {
  return { values, start: 0, limit: 25, size: values.length, isLastPage: true };
}

function missing(message: string): Answer {
  return json(404, { errorMessages: [message], errors: {}, message });
}
