import { seededBytes } from '../facts/seeded-bytes.ts';
import { bytes, html, json, text, type Answer } from '../http/answer.ts';
import {
  confluenceError,
  confluenceV2Error,
  gatewayError,
  jiraError,
  problem,
  springError,
} from './gateway-errors.ts';
import type { Call, Route } from './route.ts';

const BYTES_LIMIT = 64 * 1024 * 1024;

/**
 * Test-only endpoints that Atlassian does not have, for what travels rather than what it means.
 * They need a good token and any Jira scope.
 */
export const TRANSPORT_ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/rest\/api\/3\/echo$/, scopes: [], handle: echo },
  { method: 'GET', path: /^\/rest\/api\/3\/bytes\/(\d+)$/, scopes: [], handle: someBytes },
  ...(['GET', 'POST', 'PUT', 'DELETE'] as const).map((method): Route => ({
    method,
    path: /^\/rest\/api\/3\/status\/(\d{3})$/,
    scopes: [],
    handle: someStatus,
  })),
];

function echo({ incoming }: Call): Answer {
  return bytes(200, incoming.body, incoming.headers['content-type'] ?? 'application/octet-stream');
}

function someBytes({ incoming, parameters }: Call): Answer {
  const length = Number(parameters[0]);
  if (length > BYTES_LIMIT) return jiraError(400, [`At most ${BYTES_LIMIT} bytes`]);
  const seed = incoming.query.get('seed') ?? '0';
  return bytes(200, seededBytes(length, seed), 'application/octet-stream');
}

/** `?shape=` chooses the error form: jira (default), gateway, confluence, confluence-v2, spring, problem, html, text. */
function someStatus({ world, incoming, parameters }: Call): Answer {
  const status = Number(parameters[0]);
  const title = `Status ${status}`;
  if (status < 200 || status > 599) return jiraError(400, ['Not a final status']);
  if (status < 300) return json(status, { status });
  switch (incoming.query.get('shape')) {
    case 'gateway':
      return gatewayError(status, title);
    case 'confluence':
      return confluenceError(status, title);
    case 'confluence-v2':
      return confluenceV2Error(status, 'STATUS', title);
    case 'spring':
      return springError(status, title, incoming.path, world.clock.nowMs());
    case 'problem':
      return problem(status, title);
    case 'html':
      return html(status, `<html><body><h1>${title}</h1></body></html>`);
    case 'text':
      return text(status, title);
    default:
      return jiraError(status, [title]);
  }
}
