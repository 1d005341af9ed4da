/* What Firefox's own window offers to the functions that run there; only as much as the harness uses. */
declare const Services: {
  prefs: { setIntPref(name: string, value: number): void };
  /** `null` is for windows of every type. */
  wm: { getEnumerator(windowType: null): Iterable<Window> };
  /** Reaches the processes of the browser. */
  ppmm: {
    addMessageListener(name: string, listener: ProcessListener): void;
    removeMessageListener(name: string, listener: ProcessListener): void;
    loadProcessScript(url: string, allowDelayedLoad: boolean): void;
  };
};
interface ProcessListener {
  receiveMessage(message: { data: number }): void;
}
interface FirefoxExtension {
  readonly backgroundState: string;
  terminateBackground(options?: { disableResetIdleForTest?: boolean }): Promise<void>;
}
declare const WebExtensionPolicy: {
  getByID(id: string): {
    readonly mozExtensionHostname: string;
    readonly readyPromise: Promise<unknown>;
    readonly extension: FirefoxExtension;
  } | null;
};
declare const ChromeUtils: {
  importESModule(url: string): Record<string, unknown>;
  generateQI(interfaces: readonly string[]): unknown;
};
declare const Ci: { readonly nsIWebProgress: { readonly NOTIFY_LOCATION: number } };
/** A browser element of Firefox's window, with the methods the harness uses. */
interface XulBrowser extends Element {
  readonly currentURI?: { readonly spec: string };
  readonly screenX: number;
  readonly screenY: number;
  readonly messageManager: {
    addMessageListener(
      name: string,
      listener: { receiveMessage(message: { data: { value?: string; error?: string } }): void },
    ): void;
    loadFrameScript(url: string, allowDelayedLoad: boolean): void;
  };
  addProgressListener(listener: object, mask: number): void;
  removeProgressListener(listener: object): void;
  readonly browsingContext: {
    prefersColorSchemeOverride: string;
    readonly currentWindowGlobal: {
      drawSnapshot(rect: null, scale: number, background: string): Promise<ImageBitmap>;
    };
  };
}
