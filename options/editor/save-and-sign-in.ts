import type { ClientId } from '#core/client/client-configuration.ts';
import type { HostPermissionPorts } from '#ui/state/flow-actions.ts';
import type { ClientView } from '#wire/views.ts';
import type { EditorField, EditorStore } from './editor-store.ts';

/** Dependencies of saving a form and signing in at once. */
export interface SaveAndSignInPorts extends Pick<
  HostPermissionPorts,
  'hostPattern' | 'requestHostPatterns'
> {
  /** Called after the form was saved, before the sign-in. */
  readonly onSaved: (client: ClientView) => Promise<void>;
  readonly signIn: (id: ClientId) => Promise<void>;
}

/**
 * Saves a form, then signs in with the client. Only works within a click, before any `await`, because it requests the hosts of the
 * client. Resolves to the first field with a problem, if that is why nothing was saved.
 */
export async function saveAndSignIn(
  editor: EditorStore,
  { hostPattern, requestHostPatterns, onSaved, signIn }: SaveAndSignInPorts,
): Promise<EditorField | undefined> {
  const wrong = editor.check();
  if (wrong !== undefined) return wrong;
  // The answer does not matter: the worker checks the permissions itself, and reports what is missing.
  const asked = requestHostPatterns(editor.origins().map(hostPattern)).catch(() => false);
  const saved = await editor.save();
  await asked;
  if (saved === undefined || typeof saved === 'string') return saved;
  await onSaved(saved);
  await signIn(saved.id);
  return undefined;
}
