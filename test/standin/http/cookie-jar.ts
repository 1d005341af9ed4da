/** The cookies of one imagined browser. */
export interface CookieJar {
  /** The Cookie header for a request; empty when there is none to send. */
  headerFor(url: URL): string;
  keep(url: URL, setCookies: readonly string[]): void;
}

/**
 * An empty jar. It knows the Domain attribute and removal; of several paths it keeps the newest cookie of a name, which
 * is all that one walk through one system's pages needs.
 */
export function openCookieJar(): CookieJar {
  const cookies = new Map<string, { domain: string; text: string }>();
  const reaches = (domain: string, host: string) => host === domain || host.endsWith(`.${domain}`);
  return {
    headerFor: ({ hostname }) =>
      [...cookies.values()]
        .filter(({ domain }) => reaches(domain, hostname))
        .map(({ text }) => text)
        .join('; '),
    keep: ({ hostname }, setCookies) => {
      for (const line of setCookies) {
        const [pair = '', ...attributes] = line.split(/; */);
        const [name = '', value = ''] = pair.split(/=(.*)/s);
        const named = attributes.find((attribute) => /^domain=/i.test(attribute));
        const domain = named?.slice('domain='.length).replace(/^\./, '') ?? hostname;
        const isGone = value === '' || /max-age=0\b|expires=Thu, 01 Jan 1970/i.test(line);
        if (isGone) cookies.delete(`${domain} ${name}`);
        else cookies.set(`${domain} ${name}`, { domain, text: `${name}=${value}` });
      }
    },
  };
}
