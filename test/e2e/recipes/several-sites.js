import { connect } from 'threelo';

const threelo = await connect();
const sites = await threelo.sites();
const paths = { jira: '/rest/api/3/project/search', confluence: '/wiki/api/v2/spaces' };

/** The projects and spaces of each site that the visitor chose. */
export const lists = await Promise.all(
  sites.map(async ({ id, product, url, account }) => {
    const response = await threelo.fetch(paths[product], { site: id });
    const { values, results = values } = await response.json();
    return `${url} ${product}, ${account.name}: ${results.map(({ key }) => key).join(', ')}`;
  }),
);
