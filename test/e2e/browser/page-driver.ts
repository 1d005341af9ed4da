import type { Preferences } from './browser-under-test.ts';

/** What a browser must be able to do with one of its pages; everything a person does is built on this in `page-actions.ts`. */
export interface PageDriver {
  /** A tab can be brought to the front; a popup or a dialog window is in front or is gone. */
  readonly kind: 'tab' | 'popup' | 'window';
  /**
   * Evaluates an expression that yields a promise of a string or undefined, in the page's own world. One that may begin again in the
   * next document (`isRestartable`) is given up as soon as the document is replaced, even if that one lives on in a cache.
   */
  evaluate(expression: string, isRestartable?: boolean): Promise<string | undefined>;
  /** True when an evaluation failed only because the document was replaced while it ran. */
  isDocumentReplaced(error: unknown): boolean;
  isGone(): boolean;
  readonly gone: Promise<void>;
  clickAt(x: number, y: number): Promise<void>;
  /** Types into what has the focus. */
  type(text: string): Promise<void>;
  /** Presses a key by its `KeyboardEvent.key` name while holding the modifiers. */
  press(key: string, modifiers: readonly Modifier[]): Promise<void>;
  setMarkedFiles(selector: string, files: readonly string[]): Promise<void>;
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  bringToFront(): Promise<void>;
  setViewport(size: { readonly width: number; readonly height: number }): Promise<void>;
  emulate(preferences: Preferences): Promise<void>;
  screenshot(file: string): Promise<void>;
  close(): Promise<void>;
}

export const MODIFIERS = ['Control', 'Shift', 'Alt', 'Meta'] as const;
export type Modifier = (typeof MODIFIERS)[number];

/** Text longer than this goes in as one insertion, as a paste does, instead of key by key: each key draws the page once more. */
export const LONGEST_TYPED = 20;
