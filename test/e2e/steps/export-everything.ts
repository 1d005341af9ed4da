import type { PageUnderTest } from '../browser/browser-under-test.ts';

/**
 * Exports everything under a passphrase, and opens the file again, first with a wrong one: it has what is stored. The page has to
 * keep its downloads in `window.blobs`. Resolves to the bytes of the file, each as one character.
 */
export async function exportEverything(
  options: PageUnderTest,
  passphrase: string,
): Promise<string> {
  await options.evaluate(() => {
    location.hash = '#/transfer';
  });
  await options.fill('Passphrase', passphrase);
  await options.fill('Passphrase again', passphrase);
  await options.click('Export');
  await options.waitForText(/Exported to threelo-/u);
  const text = await options.evaluate(async () => {
    const [blob] = (window as unknown as { blobs: Blob[] }).blobs.slice(-1);
    const input = document.querySelector<HTMLInputElement>('#import-file');
    if (blob === undefined || input === null) throw new Error('nothing was exported');
    const files = new DataTransfer();
    files.items.add(new File([blob], 'moved.threelo-export'));
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    return new TextDecoder('latin1').decode(await blob.arrayBuffer());
  });
  if (!text.includes('THREELO')) throw new Error('not an export');
  await options.fill('Passphrase of the file', 'not the passphrase');
  await options.click('Show what would change');
  await options.waitForText(/not the passphrase that the file was exported with/u);
  await options.fill('Passphrase of the file', passphrase);
  await options.click('Show what would change');
  await options.waitForText('Nothing in this file would change anything here.');
  return text;
}
