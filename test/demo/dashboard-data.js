// What the dashboard asks of Jira and Confluence, by the page API alone.

const mostIssues = 500;
const newestPages = 4;
const newestIssues = 5;
/** Jira's status categories, in the order of work. */
const kinds = ['new', 'indeterminate', 'done'];

/** An answer that is no success; the refusals of `threelo.fetch` itself are `ThreeloError`s. */
class HttpError extends Error {
  constructor(status) {
    super('Atlassian answered with an error.');
    this.code = `HTTP ${status}`;
  }
}

async function getJson(path, site) {
  const response = await window.threelo.fetch(path, { site: site.id });
  if (!response.ok) throw new HttpError(response.status);
  return response.json();
}

/** All issues of a Jira site, newest first, up to a limit: counts by status, and the first few. */
export async function loadIssues(site) {
  const issues = [];
  let nextPageToken;
  do {
    const query = new URLSearchParams({
      jql: 'created >= "2000-01-01" ORDER BY created DESC',
      fields: 'summary,status,created',
      maxResults: '100',
      ...(nextPageToken && { nextPageToken }),
    });
    const page = await getJson(`/rest/api/3/search/jql?${query}`, site);
    issues.push(...page.issues);
    nextPageToken = page.nextPageToken;
  } while (nextPageToken && issues.length < mostIssues);
  const counts = new Map();
  for (const { fields } of issues) {
    const { name, statusCategory } = fields.status;
    const known = counts.get(name) ?? { name, kind: kindOf(name, statusCategory?.key), count: 0 };
    counts.set(name, { ...known, count: known.count + 1 });
  }
  return {
    total: issues.length,
    counts: [...counts.values()].sort(
      (one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind),
    ),
    newest: issues.slice(0, newestIssues),
  };
}

/** Jira's own category of a status; from its name if the category is missing. */
function kindOf(name, key) {
  if (kinds.includes(key)) return key;
  if (/done|closed|resolved/i.test(name)) return 'done';
  return /progress|review/i.test(name) ? 'indeterminate' : 'new';
}

/** All pages of a Confluence site with the names of their spaces: how many, and the newest few. */
export async function loadPages(site) {
  const { results: spaces } = await getJson('/wiki/api/v2/spaces?limit=250', site);
  const names = new Map(spaces.map(({ id, name }) => [id, name]));
  const { results, _links } = await getJson('/wiki/api/v2/pages?limit=250', site);
  const newest = [...results].sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
  return {
    total: results.length,
    newest: newest
      .slice(0, newestPages)
      .map(({ title, spaceId, createdAt, _links: { webui } }) => ({
        title,
        space: names.get(spaceId) ?? '',
        createdAt,
        url: `${_links.base}${webui}`,
      })),
  };
}

const advice = {
  not_connected: 'Connect this page in the Threelo popup (Alt+Shift+L).',
  consent_required: 'Open the Threelo popup and sign in again.',
  offline: 'Look at the network, then reload.',
  timeout: 'Reload to try again.',
  rate_limited: 'Wait a little, then reload.',
  unavailable: 'Reload this page.',
};

/** A failure as code and sentence. */
export function describe(error) {
  const code = error?.code ?? error?.name ?? 'Error';
  return { code: String(code), text: advice[code] ?? error?.message ?? String(error) };
}
