import { blankDraft, normaliseDraft, type ClientDraft } from '../../client/client-configuration.ts';
import { profileOf } from '../../provider/provider-profile.ts';
import type { FieldProblem } from '../../values/fault.ts';
import { reveal } from '../../values/secret.ts';
import type { ConsumerServer } from '../consumer-server.ts';
import { freeName } from '../free-name.ts';
import { checkedDraft, type PostmanDraft } from './draft-problems.ts';
import type { PostmanOauth1Fields } from './oauth1-fields.ts';

/** What is asked for until somebody has said where the server is. */
const unknownServer: ConsumerServer = {
  type: 'oauth1',
  requestTokenEndpoint: '',
  authorizationEndpoint: '',
  tokenEndpoint: '',
};

/**
 * Makes a configuration of a consumer that Postman has; its kind is that of its server.
 * @param name what it should be called; a number is added when that is taken
 * @param server undefined while nobody said; its members are among the problems then
 */
export function draftOfConsumer(
  name: string,
  fields: Omit<PostmanOauth1Fields, 'sendsVersion'>,
  server: ConsumerServer = unknownServer,
  takenNames: readonly string[] = [],
): PostmanDraft {
  const { consumerKey, consumerSecret, privateKeyPem, signatureMethod, realm } = fields;
  const isRsa = signatureMethod === 'RSA-SHA1';
  const { clientSecret: _none, ...blank } = blankDraft(server.type);
  const draft = normaliseDraft({
    ...blank,
    ...server,
    ...{ name: freeName(name, takenNames), clientId: consumerKey, signatureMethod },
    ...(!isRsa && consumerSecret ? { clientSecret: reveal(consumerSecret) } : {}),
    ...(isRsa && privateKeyPem ? { privateKeyPem: reveal(privateKeyPem) } : {}),
  });
  return checkedDraft(
    draft,
    { takenNames, further: methodProblems(draft, signatureMethod) },
    realm === undefined ? [] : ['realm'],
  );
}

/** An application link takes RSA-SHA1 alone. */
function methodProblems(
  { type }: ClientDraft,
  method: PostmanOauth1Fields['signatureMethod'],
): FieldProblem[] {
  const isTaken = profileOf(type).signatureMethods.includes(method);
  return isTaken ? [] : [{ field: 'signatureMethod', problem: 'choice_invalid' }];
}
