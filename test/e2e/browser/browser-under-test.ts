/** The browsers the shipped builds are driven in. */
export const BROWSER_NAMES = ['chromium', 'firefox'] as const;
export type BrowserName = (typeof BROWSER_NAMES)[number];

/** What a person means by "the button Save": its name alone, or with a role and the row or section it stands in. */
export interface ControlDescription {
  /** Accessible name, or the visible text; a string must match entirely, white space aside. */
  readonly name: string | RegExp;
  /** ARIA role, implied ones included: button, link, checkbox, radio, menuitem, tab, option, textbox, combobox … */
  readonly role?: string;
  /** Text, in any case, that stands in the same row, card or section: of several equal names the nearest one is meant. */
  readonly within?: string;
}
export type Control = string | ControlDescription;

export type ColorScheme = 'dark' | 'light';

/** What a person set in the operating system. What is absent is as the machine has it. */
export interface Preferences {
  readonly colorScheme?: ColorScheme;
  readonly isMotionReduced?: boolean;
  /** A contrast theme of the system: the page's own colours are replaced. */
  readonly areColorsForced?: boolean;
}

/** One page as its person has it: a tab, the toolbar popup, the auth window. Every wait has a deadline and says what it waited for. */
export interface PageUnderTest {
  /** A real, trusted mouse click in the middle of the control, once it is visible, enabled, at rest and not covered. */
  click(control: Control): Promise<void>;
  /** Replaces a field's text by real typing. */
  fill(label: Control, text: string): Promise<void>;
  check(label: Control): Promise<void>;
  uncheck(label: Control): Promise<void>;
  /** Chooses an option of a select field by its visible text. */
  select(label: Control, option: string): Promise<void>;
  /** Gives files to a file field (or to the hidden file field behind a button, found by its label). */
  setFiles(label: Control, files: readonly string[]): Promise<void>;
  /** Presses one key, such as `Enter`, `Tab`, `Escape` or `a`; modifiers as in `Control+a`. */
  press(key: string): Promise<void>;
  /**
   * Moves the focus to a control with Tab, Shift+Tab and the arrow keys alone, once it is visible and enabled. Rejects when the focus
   * fell to the body since the last time, and when the control cannot be reached.
   */
  reach(control: Control): Promise<void>;
  /** Types into the field that has the focus, in place of its text. */
  type(text: string): Promise<void>;
  /** Null when the control is no checkbox, radio or switch. */
  isChecked(control: Control): Promise<boolean | null>;
  /** Waits until the visible text of the page contains or matches this. */
  waitForText(text: string | RegExp, deadlineMs?: number): Promise<void>;
  waitForNoText(text: string | RegExp, deadlineMs?: number): Promise<void>;
  /** Waits until the page's address contains or matches this, and its document is loaded. */
  waitForUrl(url: string | RegExp, deadlineMs?: number): Promise<void>;
  /** Waits until a control of that description is visible; more than one is an error, as with `click`. */
  waitForControl(control: Control, deadlineMs?: number): Promise<void>;
  /** The visible text, as `innerText` has it. */
  text(): Promise<string>;
  /** Runs a self-contained function in the page's own world; arguments and result are JSON. For observing, not for acting. */
  evaluate<Args extends readonly unknown[], Result>(
    fn: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result>;
  /** Runs a script in the page's own world, as from a debugger's console: it may be one that the page's CSP forbids. */
  run(script: string): Promise<void>;
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  bringToFront(): Promise<void>;
  setViewport(size: { readonly width: number; readonly height: number }): Promise<void>;
  /** As if the person had set these preferences, and no others. */
  emulate(preferences: Preferences): Promise<void>;
  /** Writes what the page shows as PNG. */
  screenshot(file: string): Promise<void>;
  url(): Promise<string>;
  close(): Promise<void>;
  /** Waits until the page is gone, whoever closed it. */
  waitForClosed(deadlineMs?: number): Promise<void>;
}

/** A real browser with the shipped build installed, on a display of its own. */
export interface BrowserUnderTest {
  readonly name: BrowserName;
  /** `chrome-extension://…` or `moz-extension://…`, without a slash at the end. */
  readonly extensionOrigin: string;
  readonly profileDir: string;
  /** An ordinary tab, loaded and in front. */
  openPage(url: string): Promise<PageUnderTest>;
  /** A page in a window of its own, loaded. */
  openWindow(url: string): Promise<PageUnderTest>;
  /** A page of the extension in a tab, for example `options/index.html#clients`. */
  openExtensionPage(path: string): Promise<PageUnderTest>;
  /**
   * The toolbar popup over the tab in front, opened as a person does, so with `activeTab`. `beforeKey` is called right before its
   * key is pressed.
   */
  openPopup(beforeKey?: () => void): Promise<PageUnderTest>;
  /** A page that no test has taken yet, such as a tab that a link opened, whose address contains or matches this. */
  waitForTab(url: string | RegExp): Promise<PageUnderTest>;
  /** Whether a tab or window is open, or just opening, that no test has taken yet. */
  hasOtherTab(): Promise<boolean>;
  /** The window that `identity.launchWebAuthFlow` opened, open already or soon: the first web page that no test has taken yet. */
  waitForAuthWindow(): Promise<PageUnderTest>;
  /** A window or tab that the extension opened itself, open already or soon; never one that `openExtensionPage` or `openPopup` returned. */
  waitForExtensionWindow(pathPart: string): Promise<PageUnderTest>;
  /** Answers the browser's own prompt for an optional permission, open already or soon, and waits until it is gone. */
  answerPermissionPrompt(answer: 'allow' | 'deny'): Promise<void>;
  /** Takes a host permission back in the browser's own settings, as a person does. `origin` such as `https://dashboard.example`. */
  withdrawHostPermission(origin: string): Promise<void>;
  /**
   * Waits until the browser's own settings, answers to permission prompts among them, are on disk. Chromium writes them up to 10 s
   * after a change, and a SIGKILL before that loses them, as it does for everybody. What the extension stores is not concerned.
   */
  waitForSettingsOnDisk(): Promise<void>;
  /** Ends the background worker at once; the next event starts a new one. Rejects when none runs. */
  killWorker(): Promise<void>;
  isWorkerRunning(): Promise<boolean>;
  /**
   * What the background worker holds after a garbage collection, in bytes: in Chromium its heap with the array buffers; in
   * Firefox everything allocated in the process of extensions. Starts no worker; keeps a running one from its idle end.
   */
  workerMemoryBytes(): Promise<number>;
  /** Installs what lies in the build's directory by now over what is installed, as an update does. */
  update(): Promise<void>;
  /**
   * Ends the browser and starts it again on the same profile; all pages of before are gone. `whileEnded` is called in between, and
   * may change the profile.
   */
  restart(how: 'quit' | 'sigkill', whileEnded?: () => void): Promise<void>;
  /** Ends the browser as a person does and leaves its profile as it is then; only `close` may follow. */
  quit(): Promise<void>;
  /** The whole display, browser chrome included, as PNG. */
  screenshot(file: string): Promise<void>;
  /** Ends the browser and its display, and removes the profile unless the caller gave it. */
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** The unpacked build, `dist/chrome` or `dist/firefox`. */
  readonly buildDir: string;
  /** Further unpacked extensions, installed after the build. */
  readonly alsoInstalled?: readonly string[];
  /** The stand-in's CONNECT proxy; nothing else is reachable. */
  readonly proxyPort: number;
  /** Hash of the stand-in's public key; the only certificate Chromium is told to accept. */
  readonly spkiSha256Base64: string;
  /** Keep the profile here instead of in a directory that goes with the browser. */
  readonly profileDir?: string;
  /**
   * The tab that opens when the extension is installed, and there is no client yet. `close`, which is the default: it is waited for,
   * some seconds in Chromium, and closed; `leave`: nothing is done about it.
   */
  readonly firstRun?: 'close' | 'leave';
  /** Write here what pages and workers log, without a debugger that is attached to them. */
  readonly consoleFile?: string;
  /** Draw on this display, for a person to watch, instead of on an own one. */
  readonly headedDisplay?: string;
}
