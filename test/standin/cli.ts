import { startStandin } from './standin.ts';
import { DEMO_APP } from './state/apps.ts';

const standin = await startStandin({ tlsPort: 18_443, proxyPort: 18_080 });

console.log(`Stand-in for Atlassian Cloud
  proxy          http://127.0.0.1:${standin.proxyPort}
  TLS            https://127.0.0.1:${standin.tlsPort}
  SPKI (SHA-256) ${standin.spkiSha256Base64}
  client id      ${DEMO_APP.clientId}
  client secret  ${DEMO_APP.clientSecret}
  callback       ${DEMO_APP.callbackUrls.join(' ')}

  chromium --proxy-server=http://127.0.0.1:${standin.proxyPort} \\
    --ignore-certificate-errors-spki-list=${standin.spkiSha256Base64}

Add callback URLs as arguments. Ctrl+C stops it.`);

const app = standin.apps.get(DEMO_APP.clientId);
app?.callbackUrls.push(...process.argv.slice(2));

process.once('SIGINT', () => void standin.close());
process.once('SIGTERM', () => void standin.close());
