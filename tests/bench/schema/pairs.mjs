// Schemas and instances made at random from a seed, as JSON text (numbers keep their form: 1.0, 1e2, 0.07).
//
// Names, values and limits come from small sets, so that keywords meet: a property that `required` asks for is one that
// `properties` describes, an enum holds what instances are made of.

const NAMES = ['a', 'b', 'c', 'foo', 'bar', 'é', 'x-1', ''];
const STRINGS = ['', 'a', 'ab', 'foo', 'bar', 'é', '🐲', '🐲🐲', 'a b', '2024-02-29', '2023-02-29', '12:00:00Z', 'a@b.example', 'http://a.example/b?c#d', '::1', '1.2.3.4', '/a~0b', 'P1DT2H', '10', 'A', 'abc\n'];
const NUMBERS = ['0', '1', '-1', '2', '3', '5', '10', '1.0', '2.50', '0.1', '0.07', '0.3', '1.1', '-0.0', '1e2', '1.5e-1', '7', '100', '19.99', '4.35', '9007199254740993', '1e300'];
const PATTERNS = ['^a', 'b$', '^[a-z]+$', '^.$', '^..$', '\\d', '^\\w*$', '^\\p{L}+$', 'o{2}', '(a|b)', '^$', '^(?!foo)', '^\\S*$', '[^a]', '\\u{1F432}'];
const FORMATS = ['date', 'time', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uri-reference', 'uuid', 'json-pointer', 'relative-json-pointer', 'regex', 'uri-template'];
const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

export class Maker {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  random() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(n) {
    return Math.floor(this.random() * n);
  }

  chance(p) {
    return this.random() < p;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  some(list, most) {
    const out = new Set();
    for (let i = this.below(most + 1); i > 0; i--) out.add(this.pick(list));
    return [...out];
  }

  // ---- instances ----

  instance(depth = 3) {
    const kind = this.random();
    if (depth === 0 || kind < 0.35) return this.scalar();
    if (kind < 0.55) return `[${Array.from({ length: this.below(5) }, () => this.instance(depth - 1)).join(',')}]`;
    return this.object(this.some(NAMES, 5), () => this.instance(depth - 1));
  }

  scalar() {
    const kind = this.random();
    if (kind < 0.1) return this.pick(['null', 'true', 'false']);
    return kind < 0.55 ? this.pick(NUMBERS) : JSON.stringify(this.pick(STRINGS));
  }

  object(names, value) {
    return `{${names.map((n) => `${JSON.stringify(n)}:${value(n)}`).join(',')}}`;
  }

  list(items) {
    return `[${items.join(',')}]`;
  }

  // ---- schemas ----

  // A document: its definitions can be referred to from everywhere in it. Some have an $id and are resources of their own.
  document() {
    this.named = this.chance(0.4);
    this.dynamic = this.chance(0.3);
    this.defs = ['d0', 'd1', 'd2'].slice(0, this.below(4));
    this.anchors = this.defs.filter(() => this.chance(0.4));
    this.resources = this.defs.filter(() => this.named && this.chance(0.5));
    const defs = this.object(this.defs, (name) => {
      const index = this.defs.indexOf(name);
      this.reachable = this.defs.slice(index + 1); // no loops: a reference goes to a later definition
      this.within = this.resources.includes(name) ? name : 'root';
      const body = this.keywords(2);
      if (this.anchors.includes(name)) body.push(`"$anchor":"n-${name}"`);
      if (this.within === name) body.push(`"$id":"${name}"`);
      if (this.within === name && this.dynamic) body.push('"$dynamicAnchor":"node"');
      return `{${body.join(',')}}`;
    });
    this.reachable = this.defs;
    this.within = 'root';
    const members = this.keywords(3);
    members.unshift('"$schema":"https://json-schema.org/draft/2020-12/schema"');
    if (this.named) members.push('"$id":"http://cib.example/root"');
    if (this.dynamic) members.push('"$dynamicAnchor":"node"');
    if (this.defs.length) members.push(`"$defs":${defs}`);
    return `{${members.join(',')}}`;
  }

  // What an element or a member may be: also the whole again, which ends because instances do.
  inner(depth) {
    if (this.dynamic && this.chance(0.1)) return '{"$dynamicRef":"#node"}';
    return this.chance(0.04) ? '{"$ref":"#"}' : this.schema(depth);
  }

  schema(depth) {
    if (this.chance(0.08)) return this.pick(['true', 'true', 'false']);
    return `{${this.keywords(depth).join(',')}}`;
  }

  schemas(depth) {
    return this.list(Array.from({ length: 1 + this.below(3) }, () => this.schema(depth)));
  }

  inners(depth) {
    return this.list(Array.from({ length: 1 + this.below(3) }, () => this.inner(depth)));
  }

  schemaMap(names, depth) {
    return this.object(names, () => this.schema(depth));
  }

  keywords(depth) {
    const out = new Map();
    const groups = [this.ofAny, this.ofNumbers, this.ofStrings, this.ofArrays, this.ofObjects, this.applicators, this.references, this.annotations];
    const weights = depth > 0 ? [3, 2, 2, 3, 4, 3, 2, 0.3] : [4, 2, 2, 1, 1, 0, 1, 0.2];
    for (let n = 1 + this.below(3); n > 0; n--) {
      let at = this.random() * weights.reduce((a, b) => a + b);
      const group = groups[weights.findIndex((w) => (at -= w) < 0)];
      for (const [name, value] of group.call(this, depth - 1)) out.set(name, value);
    }
    return [...out].map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  }

  ofAny(depth) {
    const kind = this.random();
    if (kind < 0.5) return [['type', this.chance(0.7) ? JSON.stringify(this.pick(TYPES)) : JSON.stringify([...new Set([this.pick(TYPES), this.pick(TYPES)])])]];
    if (kind < 0.75) return [['const', this.instance(depth > 0 ? 1 : 0)]];
    return [['enum', this.list([...new Set(Array.from({ length: 1 + this.below(4) }, () => this.instance(depth > 0 ? 1 : 0)))])]];
  }

  ofNumbers() {
    const kind = this.random();
    if (kind < 0.3) return [['multipleOf', this.pick(['1', '2', '3', '0.01', '0.1', '0.5', '2.5', '1e-2', '1.0'])]];
    return [[this.pick(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']), this.pick(NUMBERS)]];
  }

  ofStrings() {
    const kind = this.random();
    if (kind < 0.4) return [[this.pick(['minLength', 'maxLength']), this.pick(['0', '1', '2', '3', '2.0'])]];
    if (kind < 0.75) return [['pattern', JSON.stringify(this.pick(PATTERNS))]];
    return [['format', JSON.stringify(this.pick(FORMATS))]];
  }

  ofArrays(depth) {
    const out = [];
    const kind = this.random();
    if (depth < 0 || kind < 0.25) return [[this.pick(['minItems', 'maxItems']), this.pick(['0', '1', '2', '3'])]];
    if (kind < 0.4) return [['uniqueItems', this.pick(['true', 'true', 'false'])]];
    if (kind < 0.6) {
      out.push(['contains', this.schema(depth)]);
      if (this.chance(0.4)) out.push(['minContains', this.pick(['0', '1', '2'])]);
      if (this.chance(0.4)) out.push(['maxContains', this.pick(['1', '2', '3'])]);
      return out;
    }
    if (this.chance(0.6)) out.push(['prefixItems', this.inners(depth)]);
    if (this.chance(0.5)) out.push(['items', this.inner(depth)]);
    if (this.chance(0.4)) out.push(['unevaluatedItems', this.inner(depth)]);
    return out;
  }

  ofObjects(depth) {
    const out = [];
    const kind = this.random();
    if (kind < 0.2 || depth < 0) return [['required', JSON.stringify(this.some(NAMES, 3))]];
    if (kind < 0.3) return [[this.pick(['minProperties', 'maxProperties']), this.pick(['0', '1', '2', '3'])]];
    if (kind < 0.38) return [['propertyNames', this.schema(depth)]];
    if (kind < 0.46) return [['dependentRequired', this.object(this.some(NAMES, 2), () => JSON.stringify(this.some(NAMES, 2)))]];
    if (kind < 0.54) return [['dependentSchemas', this.schemaMap(this.some(NAMES, 2), depth)]];
    if (this.chance(0.8)) out.push(['properties', this.object(this.some(NAMES, 4), () => this.inner(depth))]);
    if (this.chance(0.3)) out.push(['patternProperties', this.schemaMap(this.some(PATTERNS, 2), depth)]);
    if (this.chance(0.3)) out.push(['additionalProperties', this.inner(depth)]);
    if (this.chance(0.35)) out.push(['unevaluatedProperties', this.schema(depth)]);
    return out;
  }

  applicators(depth) {
    const kind = this.random();
    if (kind < 0.6) return [[this.pick(['allOf', 'anyOf', 'oneOf']), this.schemas(depth)]];
    if (kind < 0.72) return [['not', this.schema(depth)]];
    const out = [['if', this.schema(depth)]];
    if (this.chance(0.7)) out.push(['then', this.schema(depth)]);
    if (this.chance(0.7)) out.push(['else', this.schema(depth)]);
    return out;
  }

  references() {
    if (!this.reachable?.length) return [];
    const name = this.pick(this.reachable);
    const resource = this.resources.includes(name) ? name : 'root';
    const base = resource === this.within ? '' : resource;
    if (this.anchors.includes(name) && this.chance(0.5)) return [['$ref', `"${base}#n-${name}"`]];
    if (resource === name) return [['$ref', `"${this.chance(0.5) ? 'http://cib.example/' : ''}${name}"`]];
    return [['$ref', `"${base}#/$defs/${name}"`]];
  }

  annotations() {
    return [
      this.pick([
        ['title', '"a title"'],
        ['description', '"text"'],
        ['default', '0'],
        ['examples', '[1]'],
        ['deprecated', 'true'],
        ['readOnly', 'true'],
        ['$comment', '"no rule"'],
        ['contentEncoding', '"base64"'],
        ['contentMediaType', '"application/json"'],
        ['contentSchema', '{"type":"object"}'],
      ]),
    ];
  }
}
