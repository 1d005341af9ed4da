import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { curlOf, pageCallOf, type CopiedCall } from './copied-call.ts';

const aCall = (part: Partial<CopiedCall> = {}): CopiedCall => ({
  method: 'GET',
  url: 'https://api.atlassian.com/ex/jira/1/rest/api/3/myself',
  pageUrl: 'https://acme.atlassian.net/rest/api/3/myself',
  body: '',
  isReading: true,
  ownHeaders: [],
  ...part,
});
const write = (body: string): CopiedCall => aCall({ method: 'POST', body, isReading: false });

const hardTexts = [
  `{"a":"it's"}`,
  `''''`,
  `"$TOKEN" $(id) \`id\` \\ \\' !! # & ; | < > * ? ~`,
  'first\nsecond\r\n\tthird\n',
  'ä €  \u{1F600} \u2028 \u200B',
  '-X DELETE',
  '@/etc/passwd',
  '%s %d \\0',
];

/** The words that a shell gives to curl. */
function wordsOf(command: string): string[] {
  const script = `TOKEN=secret\ncurl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('as curl', () => {
  it('has the token as a variable of the shell', () => {
    const command = curlOf(aCall());
    expect(command).toBe(
      [
        "curl --globoff 'https://api.atlassian.com/ex/jira/1/rest/api/3/myself' \\",
        '  --header "Authorization: Bearer $TOKEN" \\',
        "  --header 'accept: application/json'",
      ].join('\n'),
    );
    expect(wordsOf(command)).toContain('Authorization: Bearer secret');
  });

  it.each(hardTexts)('a shell reads every character of %j', (text) => {
    const url = `https://jira.example/rest/api/2/search?jql=${text.replaceAll(/\s/gu, '')}`;
    const ownHeaders = [['x-own', text.replaceAll(/\s/gu, ' ')]] as const;
    const words = wordsOf(curlOf({ ...write(text), url, ownHeaders }));
    expect(words).toEqual([
      '--globoff',
      '--request',
      'POST',
      url,
      '--header',
      'Authorization: Bearer secret',
      '--header',
      'content-type: application/json',
      '--header',
      `x-own: ${ownHeaders[0][1]}`,
      '--header',
      'accept: application/json',
      '--header',
      'x-atlassian-token: no-check',
      '--data-raw',
      text,
    ]);
  });

  it('asks for the head alone by an option', () => {
    expect(wordsOf(curlOf(aCall({ method: 'HEAD' }))).slice(0, 2)).toEqual(['--globoff', '--head']);
  });

  it('says that OAuth 1.0a needs a signature, and has no token', () => {
    const command = curlOf(aCall(), 'Needs a signature.');
    expect(command).toMatch(/^# Needs a signature\.\ncurl /u);
    expect(command).not.toContain('TOKEN');
  });
});

describe('as a call of a page', () => {
  it('reads by the URL alone', () => {
    expect(pageCallOf(aCall())).toBe(
      'const response = await threelo.fetch("https://acme.atlassian.net/rest/api/3/myself");',
    );
  });

  it.each([...hardTexts, '{"__proto__":1,"n":12345678901234567890}'])(
    'sends every character of %j',
    async (body) => {
      const calls: unknown[] = [];
      const threelo = { fetch: (...call: unknown[]) => calls.push(call) };
      const code = `${pageCallOf(write(body))} return response;`;
      // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-call -- what is tested is code
      await new Function('threelo', `return (async () => { ${code} })()`)(threelo);
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
      expect(calls).toEqual([[aCall().pageUrl, init]]);
    },
  );

  it('deletes without a body', () => {
    expect(pageCallOf(aCall({ method: 'DELETE' }))).toBe(
      [
        'const response = await threelo.fetch("https://acme.atlassian.net/rest/api/3/myself", {',
        '  method: "DELETE",',
        '});',
      ].join('\n'),
    );
  });
});
