import { connect } from 'threelo';

const threelo = await connect();
const jira = 'https://dc.example.test/jira'; // the base URL, with its context path
const response = await threelo.fetch(`${jira}/rest/api/2/myself`);

export const { displayName } = await response.json();
