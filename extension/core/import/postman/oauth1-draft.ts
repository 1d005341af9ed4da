import { blankDraft, normaliseDraft, type ClientDraft } from '../../client/client-configuration.ts';
import { profileOf } from '../../provider/provider-profile.ts';
import type { FieldProblem } from '../../values/fault.ts';
import { reveal } from '../../values/secret.ts';
import type { ConsumerServer } from '../consumer-server.ts';
import { checkedDraft, type PostmanDraft } from './draft-problems.ts';
import type { PostmanOauth1Fields } from './oauth1-fields.ts';

/** Used until the person has entered the server. */
const unknownServer: ConsumerServer = {
  type: 'oauth1',
  requestTokenEndpoint: '',
  authorizationEndpoint: '',
  tokenEndpoint: '',
};

/**
 * Creates the draft of an OAuth 1.0a consumer of a Postman collection. The provider type is that of the server.
 * @param name a name that no other client has
 * @param server undefined until the person has entered it; its members are then among the problems
 */
export function draftOfConsumer(
  name: string,
  fields: Omit<PostmanOauth1Fields, 'sendsVersion'>,
  server: ConsumerServer = unknownServer,
): PostmanDraft {
  const { consumerKey, consumerSecret, privateKeyPem, signatureMethod, realm } = fields;
  const isRsa = signatureMethod === 'RSA-SHA1';
  const { clientSecret: _none, ...blank } = blankDraft(server.type);
  const draft = normaliseDraft({
    ...blank,
    ...server,
    name,
    clientId: consumerKey,
    signatureMethod,
    ...(!isRsa && consumerSecret ? { clientSecret: reveal(consumerSecret) } : {}),
    ...(isRsa && privateKeyPem ? { privateKeyPem: reveal(privateKeyPem) } : {}),
  });
  const leftOut = realm === undefined ? [] : ['realm'];
  return checkedDraft(draft, leftOut, methodProblems(draft, signatureMethod));
}

/** An application link supports only RSA-SHA1. */
function methodProblems(
  { type }: ClientDraft,
  method: PostmanOauth1Fields['signatureMethod'],
): FieldProblem[] {
  const isSupported = profileOf(type).signatureMethods.includes(method);
  return isSupported ? [] : [{ field: 'signatureMethod', problem: 'choice_invalid' }];
}
