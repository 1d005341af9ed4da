import { fireEvent, screen, waitFor } from '@testing-library/preact';
import {
  checkedPart,
  fileOf,
  headerOf,
  rounds,
} from '../../../extension/core/transfer/export-file.ts';
import type { TransferRow } from '../../../extension/core/transfer/transfer-preview.ts';
import { press, type } from './options-page.tsx';

export const passphrase = 'correct horse battery';

/** An export whose contents nobody can decrypt. */
export const exportedBytes = fileOf(
  headerOf(
    checkedPart({
      rounds: rounds.written,
      salt: new Uint8Array(16),
      iv: new Uint8Array(12),
      bodyLength: 4,
    }),
    new Uint8Array(32),
  ),
  new Uint8Array(4),
);

/** A row of a preview: a new client unless told otherwise. */
export function aRow(id: string, part: Partial<TransferRow> = {}): TransferRow {
  return { id, kind: 'client', name: id, state: 'new', values: [], notes: [], ...part };
}

/** The person chooses a file. */
export function chooseExport(content: Uint8Array<ArrayBuffer> = exportedBytes): void {
  const file = new File([content], 'threelo.threelo-export');
  const input = screen.getByLabelText('File of an export');
  fireEvent.change(input, { target: { files: [file] } });
}

/** The person chooses a file, types its passphrase and lets the page show what would change. */
export async function showPreview(typed = passphrase): Promise<void> {
  chooseExport();
  type('Passphrase of the file', typed);
  await waitFor(() => {
    const button = screen.getByRole<HTMLButtonElement>('button', {
      name: 'Show what would change',
    });
    if (button.disabled) throw new Error('no file yet');
  });
  await press('Show what would change');
}
