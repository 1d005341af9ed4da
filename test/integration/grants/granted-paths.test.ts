import { beforeEach, describe, expect, test } from 'vitest';
import type { GrantedSite } from '../../../extension/core/grant/page-grant.ts';
import type { AskView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { connect } from '../../support/harness.ts';
import { fetchAll, sitesAt } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, session, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

useSession({ sites: () => [] }, 'once');

const many = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `/rest/${String(at)}`);
const acme = (): GrantedSite[] =>
  sitesAt(session, 'acme').map(({ cloudId, product }) => ({
    cloudId,
    product,
    sessionId: session.id,
  }));
const connectTo = (paths?: string[]): Promise<void> =>
  connect(harness, session, { sites: sitesAt(session, 'acme'), ...(paths && { paths }) });
const request = (paths?: unknown) => harness.page()('page.request-access', { paths });
const grant = async () => (await connections(harness.ui))[0];
async function question(): Promise<AskView> {
  await until(() => harness.world.openWindows.size > 0);
  const [ask] = await harness.ui('ask.list', {});
  return ask!;
}
async function answer(
  part: { access?: 'read' | 'write'; paths?: string[]; duration?: 'session' | 'always' } = {},
): Promise<void> {
  const { id } = await question();
  const decision = { allow: true as const, sites: acme(), access: 'read' as const, ...part };
  await harness.ui('ask.decide', { id, decision });
}

beforeEach(() => connectTo());

describe('the question proposes', () => {
  test.each<[string, string[] | undefined, unknown, string[] | undefined]>([
    ['every path, without any in grant and request', undefined, undefined, undefined],
    ['what the page names, although every path is granted', undefined, ['/rest/'], ['/rest/']],
    ['what is granted, when the page names none', ['/rest/'], undefined, ['/rest/']],
    ['both', ['/rest/'], ['/wiki/', '/rest/api/'], ['/rest/', '/wiki/']],
    ['every path, when the page names it', ['/rest/'], ['/'], undefined],
  ])('%s', async (_, granted, named, proposed) => {
    await connectTo(granted);
    const work = request(named);
    const { paths, grantedPaths, duration } = await question();
    expect({ paths, grantedPaths, duration }).toEqual({
      paths: proposed,
      grantedPaths: granted,
      duration: 'always',
    });
    await answer(proposed && { paths: proposed });
    await work;
  });

  test('what is granted, when the grant has got too many paths since', async () => {
    await connectTo(many(10));
    const work = request(['/wiki/']);
    await question();
    await connectTo(many(20));
    expect((await question()).paths).toEqual(many(20).sort());
    await answer();
    await work;
  });
});

test('the grant gets the paths of the answer, whatever the page named', async () => {
  const work = request(['/rest/']);
  await answer({ paths: ['/wiki/', '/rest/api/3/', '/wiki/rest/'], duration: 'session' });
  await work;
  expect(await grant()).toMatchObject({ paths: ['/rest/api/3/', '/wiki/'], duration: 'session' });
  const again = request(['/rest/']);
  expect(await question()).toMatchObject({ duration: 'session' });
  await answer();
  await again;
  expect(await grant()).toMatchObject({ duration: 'session' });
  expect(await grant()).not.toHaveProperty('paths');
});

test.each<[string, string[] | undefined, unknown]>([
  ['paths in another form', undefined, ['/rest/%61pi/']],
  ['a text', undefined, '/rest/'],
  ['21 of them', undefined, many(21)],
  ['more than 20 together with those of the grant', many(20), ['/wiki/']],
])('%s are refused without a window', async (_, granted, paths) => {
  await connectTo(granted);
  const { code, subject, message } = await rejection(request(paths));
  expect({ code, subject }).toEqual({ code: 'invalid_request', subject: 'paths' });
  expect(message).toContain('paths');
  expect(harness.world.openWindows.size).toBe(0);
});

test('a call outside the paths of the answer is refused, and one inside is sent', async () => {
  const work = request(['/']);
  await answer({ paths: ['/rest/api/3/myself'] });
  await work;
  expect((await fetchAll(harness.page())).status).toBe(200);
  const outside = fetchAll(harness.page(), { input: '/rest/api/3/serverInfo' });
  expect(await rejection(outside)).toMatchObject({ code: 'not_allowed', subject: 'paths' });
});
