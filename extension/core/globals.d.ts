/**
 * The little that the domain needs of its host, and that every worker, page and Node has: pure functions over
 * text and bytes. No fetch, no clock, no random numbers, no storage: those come in as arguments.
 */
declare class URL {
  constructor(url: string, base?: string | URL);
  static canParse(url: string, base?: string): boolean;
  static parse(url: string, base?: string): URL | null;
  readonly hash: string;
  readonly host: string;
  readonly hostname: string;
  readonly href: string;
  readonly origin: string;
  readonly password: string;
  pathname: string;
  readonly port: string;
  readonly protocol: string;
  readonly search: string;
  readonly searchParams: Iterable<[name: string, value: string]> & {
    keys(): IteratorObject<string>;
  };
  readonly username: string;
}
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare function atob(base64: string): string;
declare function btoa(binary: string): string;
