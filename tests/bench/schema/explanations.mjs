// Why ajv 8 differs from the specification: each rule says so in words, and proves itself on the pair at hand. It rewrites
// the pair so that the specification's verdict stays and what ajv gets wrong is gone; when ajv then agrees with cib, the rule
// explains the difference. explained.md says more on each.

// Every object of a document, the inner ones first; `f` may return another value for it.
function rewrite(value, f) {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, f));
  if (value === null || typeof value !== 'object') return value;
  return f(Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rewrite(item, f)])));
}

const names = (list) => list.map((name) => (name === '' ? 'empty' : name));

// What a format asks of strings besides what ajv-formats asks.
const also = (format, rule) => (object) => {
  if (object.format !== format) return object;
  return { ...object, allOf: [...(object.allOf ?? []), { if: { type: 'string' }, then: rule }] };
};

const rules = [
  {
    why: 'ajv never misses a required member whose name is empty',
    // A member "" is called otherwise everywhere; patterns for names would notice, so a pair with one stays unexplained.
    repair(schema, instance) {
      const rename = (object) =>
        Object.fromEntries(
          Object.entries(object).map(([name, value]) => [
            name === '' ? 'empty' : name,
            name === 'required' && Array.isArray(value) ? names(value) : name === 'dependentRequired' ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, names(v)])) : value,
          ]),
        );
      return [rewrite(schema, rename), rewrite(instance, rename)];
    },
  },
  {
    why: 'ajv accepts an empty array for contains, where what it found before is left over',
    // An array that contains so many has so many.
    repair(schema, instance) {
      const least = (object) => {
        if (!('contains' in object)) return object;
        return { ...object, allOf: [...(object.allOf ?? []), { minItems: object.minContains ?? 1 }] };
      };
      return [rewrite(schema, least), instance];
    },
  },
  {
    why: 'ajv takes all elements or none for evaluated by contains, not those that it found',
    // contains without its annotations (by two times not), and what it found allowed by unevaluatedItems beside it.
    repair(schema, instance) {
      const apart = (object) => {
        if (!('contains' in object) || !('unevaluatedItems' in object)) return object;
        const { contains, minContains = 1, maxContains, unevaluatedItems, ...rest } = object;
        const limits = maxContains === undefined ? { contains, minContains } : { contains, minContains, maxContains };
        return { ...rest, allOf: [...(rest.allOf ?? []), { not: { not: limits } }], unevaluatedItems: { anyOf: [contains, unevaluatedItems] } };
      };
      return [rewrite(schema, apart), instance];
    },
  },
  {
    why: 'ajv divides doubles: 2^53 + 1 and 10^300 have other remainders',
    // Small numbers with the same remainders by all divisors of the generator, and the same places among its limits.
    text: (text) => text.replaceAll('9007199254740993', '903').replaceAll('1e300', '1000'),
  },
  {
    why: 'ajv counts what a failed `if` has evaluated',
    // if, then and else by anyOf, allOf and not, which means the same for annotations too.
    repair(schema, instance) {
      const branches = (object) => {
        if (!('if' in object)) return object;
        const { if: condition, then = true, else: otherwise = true, ...rest } = object;
        const choice = { anyOf: [{ allOf: [condition, then] }, { allOf: [{ not: condition }, otherwise] }] };
        return { ...rest, allOf: [...(rest.allOf ?? []), choice] };
      };
      return [rewrite(schema, branches), instance];
    },
  },
  {
    why: 'ajv-formats takes #.#.#.# for a host name, which RFC 1123 section 2.1 rules out',
    repair: (schema, instance) => [rewrite(schema, also('hostname', { not: { pattern: '^[0-9]+([.][0-9]+){3}$' } })), instance],
  },
  {
    why: 'ajv-formats takes a colon in the first segment of a relative reference, which RFC 3986 section 4.2 rules out',
    repair: (schema, instance) => [rewrite(schema, also('uri-reference', { pattern: '^([A-Za-z][A-Za-z0-9+.-]*:|[^:]*([/?#]|$))' })), instance],
  },
];

// The first rule, or two of them together, by which ajv comes to cib's verdict; `judge` is ajv on a pair.
export function explain(schema, instance, cib, judge) {
  const applied = (list) => {
    let [s, i] = [schema, instance];
    for (const { text } of list) if (text) [s, i] = [text(s), text(i)];
    let pair = [JSON.parse(s), JSON.parse(i)];
    for (const { repair } of list) if (repair) pair = repair(...pair);
    try {
      return judge(...pair) === cib;
    } catch {
      return false;
    }
  };
  for (const rule of rules) if (applied([rule])) return rule.why;
  for (const [n, a] of rules.entries()) for (const b of rules.slice(n + 1)) if (applied([a, b])) return `${a.why}; and ${b.why}`;
  return null;
}
