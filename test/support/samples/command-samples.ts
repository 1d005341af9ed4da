import { blankDraft } from '../../../extension/core/client/client-configuration.ts';
import type { CommandName } from '../../../extension/wire/commands.ts';

const id = '11111111-1111-4111-8111-111111111111';
const origin = 'https://dashboard.example';
const site = { cloudId: 'cloud-acme', product: 'jira' };
const granted = { ...site, sessionId: id };
const client = {
  ...blankDraft('atlassian-cloud'),
  name: 'Sample',
  clientId: 'abc',
  clientSecret: 'secret',
};

/** A well-formed body for every command; a command without one does not compile. */
export const sampleBodies: Readonly<Record<CommandName, Readonly<Record<string, unknown>>>> = {
  'overview.get': {},
  'client.list': {},
  'client.get': { id },
  'client.get-by-name': { name: 'Sample' },
  'client.create': { client },
  'client.update': { id, client },
  'client.delete': { id },
  'client.impact': { id },
  'client.redirect-uri': { authorizationEndpoint: 'https://auth.atlassian.com/authorize' },
  'client.import': { clients: [client] },
  'client.new-key-pair': { id },
  'client.diagnose': { id },
  'client.discover': { issuer: 'https://issuer.example', isHttpAllowed: false },
  'flow.prepare': { clientId: id },
  'flow.unprepare': {},
  'flow.start': { clientId: id, preparedId: id },
  'flow.create': { clientId: id },
  'flow.get': { id },
  'flow.cancel': {},
  'flow.show': {},
  'flow.dismiss': {},
  'session.list': {},
  'session.get': { id },
  'session.sign-out': { id },
  'session.refresh-sites': { id },
  'session.choose-site': { id, site },
  'grant.prepare': { origin, sites: [granted], access: 'read' },
  'grant.remove': { origin },
  'grant.choose': { origin, key: 'jira', site: granted },
  'denial.forget': { origin, id },
  'settings.get': {},
  'settings.update': { changes: { clockSkewSeconds: 90, pruneAt: '04:00', otherExtensions: true } },
  'settings.reset': {},
  'activity.list': { limit: 10, before: 100, result: 'refused' },
  'activity.clear': {},
  'quota.list': {},
  'storage.forget-damaged': { keys: [`session:${id}`] },
  'ask.list': {},
  'ask.decide': { id, decision: { allow: false } },
  'page.hello': {},
  'page.sites': {},
  'page.request-access': { access: 'write', products: ['jira'] },
  'page.can': { method: 'GET', input: '/rest/api/3/myself', headers: [] },
  'page.disconnect': {},
  'api.request': {
    callId: 'a',
    method: 'GET',
    input: '/rest/api/3/myself',
    headers: [],
    body: null,
    writtenBytes: 0,
  },
  'api.write': { callId: 'a', offsetBytes: 0, chunk: new ArrayBuffer(1) },
  'api.read': { callId: 'a' },
  'api.abort': { callId: 'a' },
};
