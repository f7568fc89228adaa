import * as z from "zod";

/** A string, with an example that errors show. */
export function text(example: string): z.ZodString {
  return z.string().meta({ example });
}

/** A valid value: the schema's own example, or one with the keys that the schema requires. */
export function exampleOf(schema: z.ZodType | undefined): unknown {
  const stated: unknown = schema?.meta()?.example;
  if (stated !== undefined) return stated;
  if (schema instanceof z.ZodOptional) return exampleOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodArray) {
    const element = exampleOf(schema.element as z.ZodType);
    return element === undefined ? undefined : [element];
  }
  if (schema instanceof z.ZodRecord) {
    const value = exampleOf(schema.valueType as z.ZodType);
    return isEmpty(value) ? undefined : { name: value };
  }
  if (!(schema instanceof z.ZodObject)) return undefined;
  const required = Object.entries(schema.shape as Record<string, z.ZodType>).filter(
    ([, member]) => !(member instanceof z.ZodOptional),
  );
  return Object.fromEntries(required.map(([key, member]) => [key, exampleOf(member)]));
}

export function isEmpty(example: unknown): boolean {
  return example === undefined || (typeof example === "object" && Object.keys(example as object).length === 0);
}

/** The schema at a path, if there is one. */
export function schemaAt(schema: z.ZodType | undefined, path: string[]): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>(memberOf, schema);
}

/** The keys of an object's schema. */
export function keysOf(schema: z.ZodType | undefined): string[] {
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

export function memberOf(schema: z.ZodType | undefined, key: string): z.ZodType | undefined {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return (inner.shape as Record<string, z.ZodType>)[key];
  if (inner instanceof z.ZodRecord) return inner.valueType as z.ZodType;
  return inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined;
}

export function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}
