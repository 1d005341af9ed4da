import { expect, test } from 'vitest';
import { maxExtensionPorts } from '../../../background/messages/other-extensions.ts';
import { extensionSender } from '../../support/harness.ts';
import { until } from '../../support/until.ts';
import { harness, useSession } from '../use-session.ts';

useSession({ sites: () => [] });

test('100 ports of one extension may be open; a further one is closed at once', async () => {
  await harness.ui('settings.update', { changes: { otherExtensions: true } });
  const ports = Array.from({ length: maxExtensionPorts }, () => harness.extensionPort());
  const further = harness.extensionPort();
  await until(() => further.isClosed());
  expect(ports.some((port) => port.isClosed())).toBe(false);
  ports[0]?.end();
  const ofAnother = extensionSender('ponmlkjihgfedcbaponmlkjihgfedcba');
  for (const port of [harness.extensionPort(ofAnother), harness.extensionPort()])
    expect(await port.send('page.hello', {})).toEqual({ isConnected: false });
});
