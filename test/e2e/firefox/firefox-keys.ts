/** Names of `KeyboardEvent.key` as WebDriver's code points. */
const WEBDRIVER_KEYS: Readonly<Record<string, string>> = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Insert: '\uE016',
  Delete: '\uE017',
  Meta: '\uE03D',
  Space: ' ',
};

/** The same names as X key symbols, where they differ. */
const X_KEYS: Readonly<Record<string, string>> = {
  Backspace: 'BackSpace',
  Enter: 'Return',
  PageUp: 'Prior',
  PageDown: 'Next',
  ArrowLeft: 'Left',
  ArrowUp: 'Up',
  ArrowRight: 'Right',
  ArrowDown: 'Down',
  Control: 'ctrl',
  Shift: 'shift',
  Alt: 'alt',
  Meta: 'super',
  ' ': 'space',
  Space: 'space',
};

/** A key as BiDi's `input.performActions` wants it. */
export function webdriverKey(key: string): string {
  const code = WEBDRIVER_KEYS[key] ?? key;
  if (Array.from(code).length !== 1) throw new Error(`no such key: ${key}`);
  return code;
}

/** A key as xdotool wants it. */
export function xKey(key: string): string {
  return X_KEYS[key] ?? key;
}
