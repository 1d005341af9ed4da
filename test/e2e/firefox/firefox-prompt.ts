import { withDeadline } from '../machine/deadline.ts';
import type { Display } from '../machine/display.ts';
import { mouseClick, xdotool } from '../machine/xdotool.ts';
import type { FirefoxConnection } from './firefox-connection.ts';

/** Answers Firefox's optional-permission prompt with the mouse: it is a panel of the browser's own window. */
export async function answerFirefoxPrompt(
  firefox: FirefoxConnection,
  display: Display,
  answer: 'allow' | 'deny',
): Promise<void> {
  const { x, y } = await withDeadline(
    firefox.inChrome(waitForPromptButtonInChrome, [answer]),
    'the permission prompt',
  );
  const hidden = firefox.inChrome(waitForPromptEndInChrome, []);
  await xdotool(display.name, ['mousemove', String(x), String(y), ...mouseClick]);
  await withDeadline(hidden, `the permission prompt to close (${answer})`);
}

async function waitForPromptButtonInChrome(
  answer: 'allow' | 'deny',
): Promise<{ x: number; y: number }> {
  type Prompt = Element & { button: XulBrowser; secondaryButton: XulBrowser };
  const find = (): Prompt | undefined => {
    const prompt = document.getElementById('addon-webext-permissions-notification');
    return (prompt?.closest('panel') as unknown as { state?: string } | null)?.state === 'open'
      ? (prompt as unknown as Prompt)
      : undefined;
  };
  let prompt = find();
  while (!prompt) {
    await new Promise<void>((resolve) =>
      addEventListener('popupshown', () => resolve(), { once: true }),
    );
    prompt = find();
  }
  const button = answer === 'allow' ? prompt.button : prompt.secondaryButton;
  const box = button.getBoundingClientRect();
  return {
    x: Math.round((button.screenX + box.width / 2) * devicePixelRatio),
    y: Math.round((button.screenY + box.height / 2) * devicePixelRatio),
  };
}

async function waitForPromptEndInChrome(): Promise<void> {
  const isOpen = (): boolean =>
    (
      document
        .getElementById('addon-webext-permissions-notification')
        ?.closest('panel') as unknown as { state?: string } | null
    )?.state === 'open';
  while (isOpen())
    await new Promise<void>((resolve) =>
      addEventListener('popuphidden', () => setTimeout(resolve, 0), { once: true }),
    );
}
