/* The messages of the validator in English, French and Spanish; {0} is what was found, {1} what is wanted. */
#include "schema/private.h"

#include <string.h>

static const struct {
	const char *code, *en, *fr, *es;
} table[] = {
	{"schema.type", "found {0}, expected {1}", "trouvé {0}, attendu {1}", "se encontró {0}, se esperaba {1}"},
	{"schema.enum", "{0} is not one of {1}", "{0} ne figure pas parmi {1}", "{0} no está entre {1}"},
	{"schema.const", "found {0}, it must be {1}", "trouvé {0}, il faut {1}", "se encontró {0}, debe ser {1}"},
	{"schema.required", "\"{0}\" is missing", "« {0} » manque", "falta «{0}»"},
	{"schema.dependentRequired", "\"{0}\" is missing; it is needed because \"{1}\" is given", "« {0} » manque ; il le faut car « {1} » est indiqué", "falta «{0}»; hace falta porque se indica «{1}»"},
	{"schema.property", "there is no field \"{0}\" here", "il n'y a pas de champ « {0} » ici", "aquí no hay ningún campo «{0}»"},
	{"schema.item", "item {0} is one too many", "l'élément {0} est de trop", "el elemento {0} sobra"},
	{"schema.minimum", "{0} is less than {1}", "{0} est inférieur à {1}", "{0} es menor que {1}"},
	{"schema.maximum", "{0} is more than {1}", "{0} est supérieur à {1}", "{0} es mayor que {1}"},
	{"schema.exclusiveMinimum", "{0} is not more than {1}", "{0} n'est pas supérieur à {1}", "{0} no es mayor que {1}"},
	{"schema.exclusiveMaximum", "{0} is not less than {1}", "{0} n'est pas inférieur à {1}", "{0} no es menor que {1}"},
	{"schema.multipleOf", "{0} is not a multiple of {1}", "{0} n'est pas un multiple de {1}", "{0} no es múltiplo de {1}"},
	{"schema.minLength", "the text has {0} characters, at least {1} are needed", "le texte a {0} caractères, il en faut au moins {1}", "el texto tiene {0} caracteres, hacen falta al menos {1}"},
	{"schema.maxLength", "the text has {0} characters, at most {1} are allowed", "le texte a {0} caractères, {1} au plus sont admis", "el texto tiene {0} caracteres, se admiten {1} como máximo"},
	{"schema.minItems", "there are {0} items, at least {1} are needed", "il y a {0} éléments, il en faut au moins {1}", "hay {0} elementos, hacen falta al menos {1}"},
	{"schema.maxItems", "there are {0} items, at most {1} are allowed", "il y a {0} éléments, {1} au plus sont admis", "hay {0} elementos, se admiten {1} como máximo"},
	{"schema.minProperties", "there are {0} fields, at least {1} are needed", "il y a {0} champs, il en faut au moins {1}", "hay {0} campos, hacen falta al menos {1}"},
	{"schema.maxProperties", "there are {0} fields, at most {1} are allowed", "il y a {0} champs, {1} au plus sont admis", "hay {0} campos, se admiten {1} como máximo"},
	{"schema.uniqueItems", "items {0} and {1} are the same", "les éléments {0} et {1} sont identiques", "los elementos {0} y {1} son iguales"},
	{"schema.pattern-mismatch", "\"{0}\" does not have the form {1}", "« {0} » n'a pas la forme {1}", "«{0}» no tiene la forma {1}"},
	{"schema.pattern-too-costly", "the pattern is too costly for this text", "le motif est trop coûteux pour ce texte", "el patrón es demasiado costoso para este texto"},
	{"schema.format", "\"{0}\" is not a valid {1}", "« {0} » n'est pas un(e) {1} valable", "«{0}» no es un(a) {1} válido(a)"},
	{"schema.contains", "no fitting item is among them ({0})", "aucun élément qui convienne n'y figure ({0})", "no hay entre ellos ningún elemento adecuado ({0})"},
	{"schema.maxContains", "{0} such items are too many", "{0} éléments de ce type, c'est trop", "{0} elementos de este tipo son demasiados"},
	{"schema.oneOf-many", "it fits {0} descriptions that exclude each other", "cela répond à {0} descriptions qui s'excluent", "corresponde a {0} descripciones que se excluyen"},
	{"schema.anyOf", "it fits none of the forms that are allowed here", "cela ne répond à aucune des formes admises ici", "no corresponde a ninguna de las formas admitidas aquí"},
	{"schema.choice", "one of these is needed: {0}", "il faut l'un de ceux-ci : {0}", "hace falta uno de estos: {0}"},
	{"schema.not", "this is what is not allowed here", "c'est justement ce qui n'est pas admis ici", "esto es justo lo que aquí no se admite"},
	{"schema.false", "nothing is allowed here", "rien n'est admis ici", "aquí no se admite nada"},
	{"schema.ref", "the schema refers to {0}, which is not there", "le schéma renvoie à {0}, qui n'existe pas", "el esquema remite a {0}, que no existe"},
	{"schema.too-deep", "the schema goes round in circles or too deep", "le schéma tourne en rond ou va trop loin", "el esquema da vueltas o es demasiado profundo"},
	{"hint.did-you-mean", "did you mean \"{0}\"?", "vouliez-vous dire « {0} » ?", "¿quiso decir «{0}»?"},
};

void cib_schema_message(cib_buf *out, const char *lang, const char *code, const char *a, const char *b)
{
	const char *text = code;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].code, code) == 0)
			text = lang && strncmp(lang, "fr", 2) == 0 ? table[i].fr : lang && strncmp(lang, "es", 2) == 0 ? table[i].es : table[i].en;
	for (; *text; text++) {
		if (text[0] == '{' && (text[1] == '0' || text[1] == '1') && text[2] == '}') {
			const char *value = text[1] == '0' ? a : b;
			cib_buf_adds(out, value ? value : "");
			text += 2;
		} else {
			cib_buf_addc(out, *text);
		}
	}
}
