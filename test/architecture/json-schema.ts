/** The keywords of JSON Schema, draft 2020-12, that docs/policy.schema.json uses. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const annotations = ['$schema', 'title', 'description'];

type Keyword = Exclude<keyof JsonSchema, '$schema' | 'title' | 'description'>;
type Check<K extends Keyword> = (
  value: unknown,
  keyword: NonNullable<JsonSchema[K]>,
  schema: JsonSchema,
) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What each keyword asserts; it asserts nothing of a value of another type. */
const checks: { readonly [K in Keyword]: Check<K> } = {
  type: (value, type) => {
    if (type === 'object') return isObject(value);
    if (type === 'array') return Array.isArray(value);
    return type === 'integer' ? Number.isInteger(value) : typeof value === type;
  },
  properties: (value, properties) =>
    !isObject(value) ||
    Object.entries(properties).every(
      ([name, schema]) => !(name in value) || isValid(value[name], schema),
    ),
  required: (value, names) => !isObject(value) || names.every((name) => name in value),
  additionalProperties: (value, others, { properties = {} }) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, one]) =>
        Object.hasOwn(properties, name) || (others !== false && isValid(one, others)),
    ),
  items: (value, items) => !Array.isArray(value) || value.every((one) => isValid(one, items)),
  minItems: (value, least) => !Array.isArray(value) || value.length >= least,
  maxItems: (value, most) => !Array.isArray(value) || value.length <= most,
  enum: (value, values) => values.includes(value),
  anyOf: (value, schemas) => schemas.some((schema) => isValid(value, schema)),
  pattern: (value, pattern) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  minLength: (value, least) => typeof value !== 'string' || value.length >= least,
  maxLength: (value, most) => typeof value !== 'string' || value.length <= most,
  minimum: (value, least) => typeof value !== 'number' || value >= least,
  maximum: (value, most) => typeof value !== 'number' || value <= most,
};

/** Whether a schema accepts a value. @throws for a keyword that is not known here */
export function isValid(value: unknown, schema: JsonSchema): boolean {
  return Object.entries(schema).every(([name, keyword]) => {
    if (annotations.includes(name)) return true;
    if (!Object.hasOwn(checks, name)) throw new Error(`unknown keyword ${name}`);
    return (checks[name as Keyword] as Check<Keyword>)(value, keyword as never, schema);
  });
}
