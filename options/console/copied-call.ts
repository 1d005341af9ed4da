import { withDefaultHeaders, type HeaderFields } from '#core/call/headers.ts';

/** A call to be repeated elsewhere. */
export interface CopiedCall {
  readonly method: string;
  /** The URL of the request: at the gateway of Atlassian's cloud, else at the site itself. */
  readonly url: string;
  /** The URL by which a page calls it. */
  readonly pageUrl: string;
  /** JSON; empty for none. */
  readonly body: string;
  readonly isReading: boolean;
  /** The headers that the client's configuration adds. */
  readonly ownHeaders: HeaderFields;
}

/**
 * The call as a command for a POSIX shell. The token is a variable of the shell: `$TOKEN`.
 * @param signatureNote - for OAuth 1.0a, whose requests need a signature of their own: what the command says in place of the token
 */
export function curlOf(call: CopiedCall, signatureNote?: string): string {
  const { method, url, body, isReading, ownHeaders } = call;
  const fields = withDefaultHeaders([...jsonType(body), ...ownHeaders], isReading);
  const command = [
    `curl ${methodOption(method)}${shellQuoted(url)}`,
    ...(signatureNote === undefined ? ['--header "Authorization: Bearer $TOKEN"'] : []),
    ...fields.map(([name, value]) => `--header ${shellQuoted(`${name}: ${value}`)}`),
    ...(body === '' ? [] : [`--data-raw ${shellQuoted(body)}`]),
  ].join(' \\\n  ');
  return signatureNote === undefined ? command : `# ${signatureNote}\n${command}`;
}

/** The call as a statement of a connected page. */
export function pageCallOf({ method, pageUrl, body }: CopiedCall): string {
  const url = JSON.stringify(pageUrl);
  if (method === 'GET') return `const response = await threelo.fetch(${url});`;
  const members = [
    `method: ${JSON.stringify(method)},`,
    ...jsonType(body).map(([name, value]) => `headers: { '${name}': '${value}' },`),
    // As text: an object literal could have other numbers, and another prototype.
    ...(body === '' ? [] : [`body: ${JSON.stringify(body)},`]),
  ];
  return [
    `const response = await threelo.fetch(${url}, {`,
    ...members.map((one) => `  ${one}`),
    '});',
  ].join('\n');
}

function jsonType(body: string): HeaderFields {
  return body === '' ? [] : [['content-type', 'application/json']];
}

/** Without `--globoff` curl reads brackets and braces of a URL as a pattern. */
function methodOption(method: string): string {
  if (method === 'GET') return '--globoff ';
  return method === 'HEAD' ? '--globoff --head ' : `--globoff --request ${method} `;
}

/** One word for a POSIX shell: nothing in single quotes has a meaning, but a single quote. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
