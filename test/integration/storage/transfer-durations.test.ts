/* How long an imported connection lasts, which a setting of the same file can change. */
import { expect, test } from 'vitest';
import { connections } from '../../support/connections.ts';
import { connect, startHarness } from '../../support/harness.ts';
import { quickCrypto } from '../../support/quick-crypto.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

const withQuickCrypto = (world: object): void => {
  Object.assign(world, { crypto: quickCrypto() });
};
useSession({ prepare: withQuickCrypto });

const passphrase = 'correct horse battery';
const setting = 'setting:lastingGrants';

test.each([
  { lastingGrants: true, here: 'session', there: 'always' },
  { lastingGrants: false, here: 'always', there: 'session' },
])(
  'a connection lasts as the setting says that is imported with it: $there',
  async ({ lastingGrants, here, there }) => {
    await connect(harness, session);
    await harness.ui('settings.update', { changes: { lastingGrants } });
    const { bytes: file } = await harness.ui('transfer.export', { passphrase });
    const target = await startHarness(standin, undefined, false, withQuickCrypto);
    await target.ui('settings.update', { changes: { lastingGrants: !lastingGrants } });
    const preview = () => target.ui('transfer.preview', { file, passphrase });
    const duration = async () => {
      const found = (await preview()).rows.find(({ kind }) => kind === 'grant');
      return found?.values.find(({ member }) => member === 'duration');
    };
    const take = async (...kinds: readonly string[]) => {
      const { digest, rows } = await preview();
      const taken = rows.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
      await target.ui('transfer.import', { file, passphrase, digest, taken });
      return (await connections(target.ui)).map((one) => one.duration);
    };
    const otherwise = { with: setting, theirs: [there] };
    expect(await duration()).toEqual({ member: 'duration', theirs: [here], otherwise });
    expect(await take('client', 'grant')).toEqual([here]);
    expect(await duration()).toMatchObject({ mine: [here], theirs: [here], otherwise });
    expect(await take('grant', 'setting')).toEqual([there]);
  },
);
